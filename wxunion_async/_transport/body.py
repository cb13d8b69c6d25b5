"""The body of an answer, unpacked within a bound."""

import asyncio
import zlib
from typing import Any

import aiohttp

from wxunion_async.errors import ResponseError

__all__ = ["ENCODINGS", "BrokenBodyError", "read_body"]

ENCODINGS = "gzip, deflate"
"""What can be unpacked, for ``Accept-Encoding``."""
_UNPACKED_AT_ONCE = 1 << 20


class BrokenBodyError(Exception):
    """The body cannot be unpacked, or ends too early."""


async def read_body(content: aiohttp.StreamReader, encoding: str | None, most: int) -> bytes:
    """
    Return the body of an answer.

    Args:
        content: where it comes from.
        encoding: the ``Content-Encoding`` header.
        most: how many bytes it may have when it is unpacked.

    Raises:
        BrokenBodyError: it cannot be unpacked.
        ResponseError: it is larger; at once, and without the rest.

    """
    # Not response.read(): that shows the body, which may be a token, to the session's traces.
    parts: list[bytes] = []
    size = 0
    unpack = None
    while chunk := await content.readany():
        if encoding and unpack is None:
            unpack = _unpacker(encoding, chunk)
        while chunk:
            if unpack is None:
                part, chunk = chunk, b""
            else:
                part, chunk = _unpacked(unpack, chunk)
            parts.append(part)
            size += len(part)
            if size > most:
                raise ResponseError(f"the answer is larger than max_answer_size, {most} bytes")
            if chunk:
                await asyncio.sleep(0)  # a bomb must not hold the loop
    if unpack is not None and not unpack.eof:
        raise BrokenBodyError
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _unpacker(encoding: str, first: bytes) -> Any:
    if encoding.strip().lower() not in ("gzip", "x-gzip", "deflate"):
        raise BrokenBodyError
    # Some peers send deflate without its header; with one, the low half of the first byte is 8. 32: gzip or zlib.
    raw = encoding.strip().lower() == "deflate" and first[0] & 0x0F != 8
    return zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS | 32)


def _unpacked(unpack: Any, chunk: bytes) -> tuple[bytes, bytes]:
    try:
        part = unpack.decompress(chunk, _UNPACKED_AT_ONCE)
    except zlib.error:
        raise BrokenBodyError from None
    return part, unpack.unconsumed_tail
