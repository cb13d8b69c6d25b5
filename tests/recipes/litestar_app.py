"""Litestar: one client for the app, answers as they are, errors as statuses. Run: ``litestar --app litestar_app:app run``."""

import contextlib
from collections.abc import AsyncGenerator
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from wxunion_async import PlanType, ProductNotFoundError, PromoteProductDetail, UnionClient, UnionError


@contextlib.asynccontextmanager
async def client(app: Litestar) -> AsyncGenerator[None]:
    async with UnionClient.from_env() as app.state.agency:
        yield


async def agency_of(state: State) -> Any:
    return state.agency


def tell(request: Request[Any, Any, Any], error: UnionError) -> Response[dict[str, str]]:
    status = 404 if isinstance(error, ProductNotFoundError) else 503 if error.retryable else 502
    return Response({"error": type(error).__name__, "advice": error.advice}, status_code=status)


@get("/products/{shop_appid:str}/{product_id:int}", dependencies={"agency": Provide(agency_of)})
async def product(
    shop_appid: FromPath[str], product_id: FromPath[int], agency: NamedDependency[UnionClient]
) -> PromoteProductDetail:
    return await agency.promoter.get_promote_product_detail(
        shop_appid=shop_appid, product_id=product_id, plan_type=PlanType.PUBLIC
    )


app = Litestar([product], lifespan=[client], exception_handlers={UnionError: tell})
