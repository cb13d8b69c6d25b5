"""``wxunion sandbox``: the fake server to play with, until Ctrl-C."""

import asyncio
import contextlib
import os
import shlex
import signal
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.console import Console
from rich.text import Text

from wxunion_async.cli.failures import InputError
from wxunion_async.testing import Account, FakeUnionServer

__all__ = ["sandbox"]

_EXAMPLE = """\
import asyncio
from wxunion_async import PlanType, UnionClient
async def main():
    async with UnionClient.from_env() as client:
        print(await client.promoter.get_promote_product_list(PlanType.PUBLIC))
asyncio.run(main())"""


def sandbox(
    *,
    port: Annotated[int, Parameter(validator=Number(gte=0, lte=65_535))] = 0,
    products: Annotated[int, Parameter(validator=Number(gte=1))] = 1000,
) -> None:
    """
    Run the fake server until Ctrl-C, and print how to point a client at it.

    It has one targeted plan, a catalogue of products, and two accounts: a promoter for client.target, an agency for
    client.promoter. Their credentials are new at each start.

    Args:
        port: Where to listen on 127.0.0.1; 0 for a free port.
        products: The size of the catalogue.

    """
    # Where a loop takes no signal handlers, Ctrl-C comes as this instead.
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(port, products))


async def _serve(port: int, products: int) -> None:
    stop = asyncio.Event()
    # Windows' loops take no signal handlers.
    with contextlib.suppress(NotImplementedError):
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = FakeUnionServer(products=products, port=port)
    try:
        await server.start()
    except OSError as error:
        raise InputError(f"cannot listen on port {port}: {os.strerror(error.errno or 0)}") from error
    async with contextlib.aclosing(server):
        console = Console()
        for line in _introduction(server):
            # Not wrapped: what is copied from a narrow terminal has to be whole.
            console.print(line, soft_wrap=True, highlight=False)
        await stop.wait()
        console.print(f"Stopped after {server.count()} requests.", highlight=False)


def _introduction(server: FakeUnionServer) -> Iterator[Text]:
    yield Text.assemble("Fake union server on ", (server.base_url, "bold"), ". Ctrl-C stops it.")
    yield Text()
    yield _comment("A promoter's account, for client.target:")
    yield from _exports(server, server.promoter)
    yield _comment(f"plan_invitation_url  {server.plan.invitation_url}")
    yield _comment(f"plan_id              {server.plan.plan_id}")
    yield Text()
    yield _comment("Or an agency's, for client.promoter:")
    yield from _exports(server, server.agency)
    product = server.product_request(0)
    yield _comment(f"product  {', '.join(f'{name}={value!r}' for name, value in product.items())}")
    yield Text()
    yield _comment("Then, with the agency's, in Python:")
    yield Text(_EXAMPLE)


def _exports(server: FakeUnionServer, account: Account) -> Iterator[Text]:
    variables = {
        "WXUNION_APP_ID": account.app_id,
        "WXUNION_APP_SECRET": account.app_secret,
        "WXUNION_BASE_URL": server.base_url,
    }
    host = urlsplit(server.base_url).netloc
    if getproxies().get("http") and not proxy_bypass(host):
        # A client honours the environment's proxy, which would look for the server on its own machine.
        variables["no_proxy"] = ",".join(filter(None, (os.environ.get("no_proxy"), "127.0.0.1")))
    for name, value in variables.items():
        yield Text(f"export {name}={shlex.quote(value)}", style="green")


def _comment(words: str) -> Text:
    return Text(f"# {words}", style="dim")
