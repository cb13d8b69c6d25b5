"""``wxunion sandbox``: the fake server to play with, until Ctrl-C."""

import asyncio
import contextlib
import os
import random
import shlex
import signal
from typing import Annotated
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from rich.console import Console

from wxunion_async import request_classes
from wxunion_async.cli.failures import InputError
from wxunion_async.cli.words import text, whole
from wxunion_async.testing import Account, FakeUnionServer

__all__ = ["sandbox"]

_INTRODUCTION = """\
Fake union server on {base_url}. Ctrl-C stops it.

# An agency's account, for client.promoter:
{agency}
# product  {product}

# A promoter's, for client.target: UnionClient.from_env("PROMOTER"), or --prefix PROMOTER in a shell:
{promoter}
# plan_invitation_url  {plan.invitation_url}
# plan_id              {plan.plan_id}

# Then in a shell: wxunion doctor; or in Python:
import asyncio
from wxunion_async import PlanType, UnionClient
async def main():
    async with UnionClient.from_env() as client:
        print(await client.promoter.get_promote_product_list(PlanType.PUBLIC))
asyncio.run(main())"""


def sandbox(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, whole(0, 65_535)] = 0,
    products: Annotated[int, whole(1)] = 1000,
    rate_limit: Annotated[int | None, whole(1)] = None,
    seed: Annotated[int | None, whole(0)] = None,
) -> None:
    """
    Run the fake server until Ctrl-C, and print how to point a client at it.

    It has one targeted plan, a catalogue of products, and two accounts: an agency's, WXUNION, and a promoter's,
    PROMOTER. Every other call is answered with the sample of its document.

    Args:
        host: Where to listen; 0.0.0.0 for other machines, too.
        port: The port; 0 for a free one.
        products: The size of the catalogue.
        rate_limit: How many requests of a path are answered a minute; more get 45011.
        seed: Makes the credentials the same at each start.

    """
    # Where a loop takes no signal handlers, Ctrl-C comes as this instead.
    with contextlib.suppress(KeyboardInterrupt):
        limits = {} if rate_limit is None else {cls.path: (rate_limit, 60.0) for cls in request_classes()}
        server = FakeUnionServer(products=products, host=host, port=port, rate_limits=limits)
        if seed is not None:
            chance = random.Random(seed)  # noqa: S311 - they are to be known
            for account in (server.agency, server.promoter):
                account.app_id = f"wx{chance.getrandbits(64):016x}"
                account.app_secret = f"{chance.getrandbits(128):032x}"
        asyncio.run(_serve(server, host, port))


async def _serve(server: FakeUnionServer, host: str, port: int) -> None:
    stop = asyncio.Event()
    # Windows' loops take no signal handlers.
    with contextlib.suppress(NotImplementedError):
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await server.start()
    except OSError as error:
        # A name that cannot be looked up has a number of its own kind.
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise InputError(f"cannot listen on {host}, port {port}: {why}") from error
    async with contextlib.aclosing(server):
        console, product = Console(), server.product_request(0).items()
        words = _INTRODUCTION.format(
            base_url=server.base_url,
            agency=_exports(server, "WXUNION", server.agency),
            product=", ".join(f"{name}={value!r}" for name, value in product),
            promoter=_exports(server, "PROMOTER", server.promoter),
            plan=server.plan,
        )
        for line in words.splitlines():
            style = {"#": "dim", "export": "green"}.get(line.partition(" ")[0], "")
            # Not wrapped: what is copied from a narrow terminal has to be whole.
            console.print(text(line, style), soft_wrap=True)
        await stop.wait()
        console.print(f"Stopped after {server.count()} requests.", highlight=False)


def _exports(server: FakeUnionServer, prefix: str, account: Account) -> str:
    base_url = server.base_url.replace("//0.0.0.0:", "//127.0.0.1:")
    variables = {"APP_ID": account.app_id, "APP_SECRET": account.app_secret, "BASE_URL": base_url}
    variables = {f"{prefix}_{name}": value for name, value in variables.items()}
    host = urlsplit(base_url).netloc
    if getproxies().get("http") and not proxy_bypass(host):
        # A client honours the environment's proxy, which would look for the server on its own machine.
        variables["no_proxy"] = ",".join(filter(None, (os.environ.get("no_proxy"), "127.0.0.1")))
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())
