"""``wxunion doctor``: what a call needs, looked at piece by piece, without changing anything."""

import asyncio
import logging
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.text import Text

from wxunion_async import (
    ApiError,
    CredentialError,
    GetPromoteProductDetailRequest,
    IPNotAllowedError,
    PlanInfoRequest,
    QuotaGetRequest,
    UnionConfig,
    UnionError,
)
from wxunion_async.cli.account import UNNAMED, Account
from wxunion_async.cli.catalogue import account_of, call_name
from wxunion_async.cli.failures import FAILED, OK, InputError
from wxunion_async.cli.words import text

__all__ = ["doctor"]

_ASKED = (GetPromoteProductDetailRequest, PlanInfoRequest)
"""A call of each kind of account, whose quota is asked for."""
_NOT_THIS_ACCOUNTS = 76022
_SECONDS_OFF = 30.0
"""So far off a clock may be before it is called wrong."""
_ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
_MARKS = {"ok": "green", "fail": "red", "-": "dim"}

Finding = tuple[str, str, str]
"""Mark, what was looked at, what was found."""


def doctor(*, account: Account = UNNAMED) -> int:
    """
    Check credentials, clock, IP allow-list, quota, Redis and proxy, one line each; nothing is changed.

    Args:
        account: Whose app it is.

    """
    console, exit_code = Console(), OK
    for mark, what, found in _examine(account):
        line = Text.assemble((f"{mark:<5}", _MARKS[mark]), f"{what:<12} ", text(found))
        console.print(line, soft_wrap=True)
        exit_code = exit_code or (FAILED if mark == "fail" else OK)
    return exit_code


def _examine(account: Account) -> Iterator[Finding]:
    known = account.variables()
    base_url = known.get("BASE_URL") or UnionConfig().base_urls[0]
    try:
        UnionConfig(base_urls=(base_url,))
    except ValueError as error:
        raise InputError(f"{account.prefix}_BASE_URL: {error}") from None
    yield _proxy(base_url)
    yield from _service(base_url)
    yield from asyncio.run(_account(account, known))
    if known.get("REDIS_URL"):
        yield asyncio.run(_redis(account, known))
    else:
        yield "-", "Redis", f"{account.prefix}_REDIS_URL is not set: token and limits are this process's own"


def _proxy(base_url: str) -> Finding:
    url = urlsplit(base_url)
    proxy = urllib.request.getproxies().get(url.scheme)
    if not proxy or urllib.request.proxy_bypass(url.netloc):
        return "-", "proxy", "none"
    host = urlsplit(proxy if "//" in proxy else f"//{proxy}").netloc.rpartition("@")[2]  # a password is in front of it
    return "ok", "proxy", f"{host} ({url.scheme}_proxy)"


def _service(base_url: str) -> Iterator[Finding]:
    """Ask for a token for nobody: every answer has its time, a refusal, too."""
    started = time.time()
    try:
        answer: Any = urllib.request.urlopen(f"{base_url}/cgi-bin/token", timeout=10)  # noqa: S310 - checked before
    except urllib.error.HTTPError as error:
        answer = error
    except (OSError, ValueError) as error:
        yield "fail", "service", f"{base_url}: {getattr(error, 'reason', error)}"
        yield "-", "clock", "not compared"
        return
    with answer:
        date = answer.headers.get("Date")
    seconds = time.time() - started
    yield "ok", "service", f"{base_url} answers in {seconds * 1000:,.0f} ms"
    if not date:
        yield "-", "clock", "not compared: the answer has no date"
        return
    # The date is that of a whole second.
    ahead = started + seconds / 2 - parsedate_to_datetime(date).timestamp() - 0.5
    words = f"{abs(ahead):.1f} s {'ahead of' if ahead > 0 else 'behind'} the service's"
    yield "ok" if abs(ahead) <= _SECONDS_OFF else "fail", "clock", words


async def _account(account: Account, known: dict[str, str]) -> list[Finding]:
    """Ask for quotas, with a token that is asked for now; one that others share would prove nothing."""
    found: list[Finding] = []
    try:
        async with account.client(known=known | {"REDIS_URL": ""}) as client:
            for cls in _ASKED:
                try:
                    quota = (await client.call(QuotaGetRequest(cgi_path=cls.path))).quota
                except ApiError as error:
                    if error.errcode != _NOT_THIS_ACCOUNTS:
                        raise
                    continue
                words = f"{call_name(cls)}: {quota.used or 0:,} of {quota.daily_limit or 0:,} calls used today"
                found.append(("ok" if quota.remain else "fail", "quota", f"{words} ({account_of(cls)} account)"))
    except InputError as error:
        return [("fail", "credentials", str(error))]
    except IPNotAllowedError as error:
        seen = _ADDRESS.search(str(error))
        words = f"the service saw {seen[0] if seen else 'this address'}, which is not on it: {error.advice}"
        return [("-", "credentials", "not judged: the address comes first"), ("fail", "allow-list", words)]
    except UnionError as error:
        what = "credentials" if isinstance(error, CredentialError) else "quota"
        return [("fail", what, f"{error}: {error.advice}")]
    return [
        ("ok", "credentials", f"{known['APP_ID']} gets a token"),
        ("ok", "allow-list", "the service takes calls from this address"),
        *(found or [("fail", "quota", "neither a promoter's nor an agency's account")]),
    ]


async def _redis(account: Account, known: dict[str, str]) -> Finding:
    """Look for a token there, and take none: only reading changes nothing."""
    reasons: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: reasons.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("wxunion_async")
    logger.addHandler(handler)
    try:
        from wxunion_async.redis import share_through

        store, _, close = share_through(known["REDIS_URL"])
        shared = await store.load(known.get("APP_ID", ""))
        await close()
    except ImportError:
        return "fail", "Redis", "redis is missing: pip install 'wxunion-async[redis]'"
    except ValueError as error:
        return "fail", "Redis", f"{account.prefix}_REDIS_URL: {error}"
    finally:
        logger.removeHandler(handler)
    if reasons:
        return "fail", "Redis", reasons[0]
    return "ok", "Redis", "answers; " + ("it has this app's token" if shared else "it has no token of this app yet")
