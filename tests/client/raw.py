"""A server that says just what a test wants it to say, byte by byte."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Self

Answer = Callable[["RawServer", str], Awaitable[bytes | None]]
"""Gets the head of a request; returns what to send back, or ``None`` to hang up."""

TOKEN = b'{"access_token":"a-token-of-the-raw-server","expires_in":7200}'
DONE = b'{"errcode":0,"errmsg":"ok","data":{"planId":"7","promoterStatus":1}}'


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a whole answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def done(server: "RawServer", head: str) -> bytes:
    """Answer every request as a service in good health."""
    return http(TOKEN if "/cgi-bin/" in head.split("\r\n")[0] else DONE)


class RawServer:
    """Listens on loopback; closes connections that were idle for so many seconds."""

    def __init__(self, answer: Answer = done, *, idle: float | None = None) -> None:
        self.answer = answer
        self.idle = idle
        self.heads: list[str] = []
        self.connections = 0
        self.url = ""
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def calls(self) -> list[str]:
        """Return the heads of requests other than the token's."""
        return [head for head in self.heads if "/cgi-bin/" not in head.split("\r\n")[0]]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while True:
                async with asyncio.timeout(self.idle):
                    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                length = re.search(r"(?i)content-length: (\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                self.heads.append(head)
                answer = await self.answer(self, head)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, TimeoutError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
