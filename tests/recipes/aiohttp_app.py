"""aiohttp.web: one client for the app, answers as JSON, errors as statuses. Run: ``python aiohttp_app.py``."""

from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from wxunion_async import PlanType, ProductNotFoundError, UnionClient, UnionError, to_dict

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
AGENCY = web.AppKey("agency", UnionClient)


async def client(app: web.Application) -> AsyncIterator[None]:
    async with UnionClient.from_env() as app[AGENCY]:
        yield


@web.middleware
async def tell(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except UnionError as error:
        status = 404 if isinstance(error, ProductNotFoundError) else 503 if error.retryable else 502
        return web.json_response({"error": type(error).__name__, "advice": error.advice}, status=status)


async def product(request: web.Request) -> web.Response:
    detail = await request.app[AGENCY].promoter.get_promote_product_detail(
        shop_appid=request.match_info["shop_appid"],
        product_id=int(request.match_info["product_id"]),
        plan_type=PlanType.PUBLIC,
    )
    return web.json_response(to_dict(detail))


def make_app() -> web.Application:
    app = web.Application(middlewares=[tell])
    app.cleanup_ctx.append(client)
    app.router.add_get(r"/products/{shop_appid}/{product_id:\d+}", product)
    return app


if __name__ == "__main__":
    web.run_app(make_app(), handler_cancellation=True)  # who hangs up cancels the call
