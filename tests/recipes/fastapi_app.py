"""FastAPI: one client for the process, answers as JSON, errors as statuses. Run: ``fastapi run fastapi_app.py``."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Coroutine
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse

from wxunion_async import PlanType, ProductNotFoundError, UnionClient, UnionError, to_dict


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    async with UnionClient.from_env() as app.state.agency:
        yield


app = FastAPI(lifespan=lifespan)


@app.exception_handler(UnionError)
async def tell(request: Request, error: UnionError) -> JSONResponse:
    status = 404 if isinstance(error, ProductNotFoundError) else 503 if error.retryable else 502
    return JSONResponse({"error": type(error).__name__, "advice": error.advice}, status)


async def agency_of(request: Request) -> Any:
    return request.app.state.agency


Agency = Annotated[Any, Depends(agency_of)]


async def while_connected(request: Request, call: Coroutine[Any, Any, Any]) -> Any:
    await request.body()  # what comes after it is that the browser has gone: the call is cancelled then
    calling, leaving = asyncio.ensure_future(call), asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait((calling, leaving), return_when=asyncio.FIRST_COMPLETED)
        return to_dict(calling.result()) if calling.done() else None
    finally:
        _ = calling.cancel(), leaving.cancel()


@app.get("/products/{shop_appid}/{product_id}")
async def product(request: Request, shop_appid: str, product_id: int, agency: Agency) -> Any:
    fields = {"shop_appid": shop_appid, "product_id": product_id, "plan_type": PlanType.PUBLIC}
    return await while_connected(request, agency.promoter.get_promote_product_detail(**fields))
