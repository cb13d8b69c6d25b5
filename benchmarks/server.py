"""
The service that all contestants call: a process of its own, slower than each of them.

A server as fast as its client falls asleep between two requests, and each send then pays for waking it, more or less by
who is faster. This one spins for 100 µs a request, so that every client waits for it alike.
"""

import asyncio
import itertools
import json
import re
import sys
import time

import attrs

from benchmarks.payloads import detail_bodies

__all__ = ["PATH", "Server"]

PATH = "/channels/ec/promoter/get_promote_product_detail"
SPIN = 100
"""Microseconds of work a request."""
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")


@attrs.frozen
class Server:
    """How to reach the server, and its process."""

    base_url: str
    app_id: str
    app_secret: str
    process: asyncio.subprocess.Process | None = None
    """``None`` where somebody else runs it."""

    @classmethod
    async def start(cls, spin: int = SPIN) -> "Server":
        """Run it until its standard input ends; ``spin`` is in microseconds."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.server", str(spin), stdin=-1, stdout=-1
        )
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        return cls(f"http://127.0.0.1:{port}", "wx-app", "secret", process)

    async def stop(self) -> None:
        """End it."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()


def _answer(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class _Serve(asyncio.Protocol):
    token = _answer(json.dumps({"access_token": "t" * 136, "expires_in": 7200}).encode())
    details = itertools.cycle([_answer(body) for body in detail_bodies(500)])
    spin = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            length = _LENGTH.search(head)
            size = int(length[1]) if length else 0
            if not found or len(rest) < size:
                return
            self._buffer = rest[size:]
            self._transport.write(self._reply(head))

    def _reply(self, head: bytes) -> bytes:
        if b"stable_token" in head:
            return self.token
        ends_at = time.perf_counter() + self.spin
        while time.perf_counter() < ends_at:
            pass
        return next(self.details)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    _Serve.spin = int(sys.argv[1]) / 1e6
    asyncio.run(_serve())
