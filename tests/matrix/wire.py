"""A server that goes wrong just as it is told, byte by byte, and counts what it was sent."""

import asyncio
import json
import re
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from typing import Any, Final, Self
from urllib.parse import urlsplit

from wxunion_async.testing import load_answer

STATUS: Final = "/union/promoter/target/apply_status"
LOOKUP: Final = "/channels/ec/promoter/get_promote_product_detail"
APPLY: Final = "/union/promoter/target/apply_target"
WRITE: Final = "/union/promoter/made/up_write"
PROBE: Final = "/union/promoter/made/up_probe"
TOKEN: Final = "/cgi-bin/stable_token"

HIDDEN: Final = "-of-the-matrix"
"""The end of every secret and token here, by which they are found where they should not be."""
_TLS: Final = b"\x16"
"""The first byte of a handshake."""
_GOOD: Final[dict[str, dict[str, Any]]] = {
    STATUS: {"errcode": 0, "errmsg": "ok", "data": {"planId": "7", "promoterStatus": 1}},
    LOOKUP: load_answer("promoter/get_promote_product_detail"),
    APPLY: {"errcode": 0, "errmsg": "ok"},
    WRITE: {"errcode": 0, "errmsg": "ok"},
    PROBE: {"errcode": 0, "probe": "well"},
}

Play = Callable[["Wire"], Awaitable[object]]
"""Answers one request in its own way; the connection is closed when it returns ``False``."""


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Wire:
    """One request, and the connection that it came over."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, good: dict[str, Any]) -> None:
        self.reader = reader
        self.writer = writer
        self.good = good
        """What a service in good health would answer."""

    @property
    def answer(self) -> bytes:
        """The whole of that answer, as it would be sent."""
        return http(json.dumps(self.good).encode())

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """Cut the connection without a goodbye."""
        connection: socket.socket = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class Server:
    """
    Listens on loopback and plays a fault on some of the requests; answers the others in good health.

    Args:
        play: the fault; ``None`` for none.
        on_token: it meets the token's requests, else the calls'.
        times: how often it does.
        context: what to speak TLS with.
        as_proxy: the status that a CONNECT is answered with.

    """

    def __init__(
        self,
        play: Play | None,
        *,
        on_token: bool = False,
        times: float = 0,
        context: ssl.SSLContext | None = None,
        as_proxy: int = 0,
    ) -> None:
        self._play = play
        self._on_token = on_token
        self.times = times
        self._context = context
        self._as_proxy = as_proxy
        self.paths: list[str] = []
        """Of all requests that have arrived."""
        self.tasks: set[asyncio.Task[None]] = set()
        """One per open connection."""
        self.url = ""
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._context)
        scheme = "http" if self._context is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self.hang_up()

    async def hang_up(self) -> None:
        """Close every connection."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            while True:
                head = await reader.readexactly(1)
                if head == _TLS:
                    writer.write(http(b"", status="400 Plain HTTP is spoken here"))
                    break
                head += await reader.readuntil(b"\r\n\r\n")
                if head.startswith(b"CONNECT"):
                    writer.write(http(b"", status=f"{self._as_proxy} Proxy"))
                    break
                length = re.search(rb"(?i)content-length: (\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                if await self._answer(urlsplit(head.split(b" ")[1].decode()).path, reader, writer) is False:
                    break
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self.tasks.discard(task)
            writer.close()

    async def _answer(self, path: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> object:
        self.paths.append(path)
        token = {"access_token": f"token-{len(self.paths)}{HIDDEN}", "expires_in": 7200}
        wire = Wire(reader, writer, token if path == TOKEN else _GOOD[path])
        if self._play is None or self.times <= 0 or path == PROBE or self._on_token != (path == TOKEN):
            await wire.send(wire.answer)
            return True
        self.times -= 1
        return await self._play(wire)
