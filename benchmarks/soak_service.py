"""The service of ``benchmarks.soak``: two hosts before one fake server, and faults, outages and rotations at random."""

import asyncio
import contextlib
import json
import random
import sys
from typing import Literal

from wxunion_async.testing import FakeUnionServer, Fault

__all__ = ["Host", "main"]

SHARE = 0.03
FAULTS = (
    Fault(reset=True),
    Fault(reset=True, after=True),
    Fault(truncate=True),
    Fault(status=502),
    Fault(status=429),
    Fault(errcode=-1),
    Fault(body="<html>"),
    Fault(delay=1.5),
)
PAUSE = Fault(errcode=45011, headers={"Date": "Sat, 21 Nov 2026 10:00:59 GMT"})  # a pause of 2 s
DETAIL = "/channels/ec/promoter/get_promote_product_detail"
State = Literal["well", "down", "deaf"]


class Host:
    """One way to the fake server: passes bytes on, refuses connections, or accepts and never answers."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self.port = 0
        self.state: State = "well"
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    async def turn(self, state: State) -> None:
        """Be as told from now on; what was open is cut."""
        self.state = state
        for writer in self._open:
            writer.transport.abort()
        if self._server is not None and state == "down":
            self._server.close()
            self._server = None
        elif self._server is None and state != "down":
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            if self.state == "deaf":
                await reader.read()
                return
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._behind)
            self._open.add(far_writer)
            try:
                await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))
            finally:
                self._open.discard(far_writer)
        except OSError:
            pass
        finally:
            self._open.discard(writer)
            writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()


async def _trouble(server: FakeUnionServer, hosts: list[Host], chance: random.Random) -> None:
    server.fail("*", *FAULTS, share=SHARE, seed=chance.randrange(2**32))
    while True:
        await asyncio.sleep(chance.uniform(1, 4))
        match chance.randrange(5):
            case 0:
                chance.choice([server.promoter, server.agency]).rotate()
            case 1:
                server.fail(DETAIL, PAUSE)
            case 2 | 3:
                states: tuple[State, ...] = ("down", "deaf")
                host = chance.choice(hosts)
                await host.turn(chance.choice(states))
                await asyncio.sleep(chance.uniform(0.5, 3))
                await host.turn("well")
            case _:
                for host in hosts:
                    await host.turn("well")  # every connection is cut


class Stalls:
    """How long this process stood still at most: what came meanwhile is seen to arrive at once."""

    longest = 0.0

    async def watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            await asyncio.sleep(0.002)
            self.longest = max(self.longest, loop.time() - began - 0.002)


async def main(seed: int) -> None:
    """Serve until standard input ends; say first where, and then what was asked for."""
    chance = random.Random(seed)
    async with FakeUnionServer(keep=1_000) as server:
        hosts = [Host(int(server.base_url.rpartition(":")[2])) for _ in range(2)]
        for host in hosts:
            await host.turn("well")
        accounts = {"promoter": server.promoter, "agency": server.agency}
        about = {
            "hosts": [f"http://127.0.0.1:{host.port}" for host in hosts],
            "products": [server.product_request(index) for index in range(200)],
            "invitation_url": server.plan.invitation_url,
            "plan_id": server.plan.plan_id,
            **{name: {"app_id": one.app_id, "app_secret": one.app_secret} for name, one in accounts.items()},
        }
        print(json.dumps(about), flush=True)
        stalls = Stalls()
        tasks = [asyncio.create_task(_trouble(server, hosts, chance)), asyncio.create_task(stalls.watch())]
        await asyncio.to_thread(sys.stdin.read)
        for task in tasks:
            task.cancel()
        tokens = {name: one.token_requests for name, one in accounts.items()}
        # A request is read twice here, by its host and by the server, and may stand still before both.
        window = max(0.1, 0.97 - 2 * stalls.longest)
        peak = {"seconds": round(window, 3), "lookups": server.peak(DETAIL, window)}
        print(json.dumps({"requests": server.count(), "token requests": tokens, "peak": peak}))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
