"""Whose app it is, and where the service is: the options that every call has in common."""

import contextlib
import getpass
import os
import shlex
import sys
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import attrs
from cyclopts import Group, Parameter

from wxunion_async.cli.failures import InputError

if TYPE_CHECKING:
    from wxunion_async import UnionClient

__all__ = ["UNNAMED", "Account", "environment"]

_GROUP = Parameter(group=Group("Account", sort_key=10))


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Account:
    """The account that a call is made for."""

    app_id: Annotated[str | None, _GROUP] = None
    """The account's app id; without it WXUNION_APP_ID is taken."""
    app_secret_file: Annotated[str | None, _GROUP, Parameter(allow_leading_hyphen=True)] = None
    """A file with the account's secret, - for standard input; without it WXUNION_APP_SECRET is taken."""
    base_url: Annotated[str | None, _GROUP] = None
    """Where the service is, instead of the vendor's hosts; without it WXUNION_BASE_URL."""
    env_file: Annotated[Path | None, _GROUP] = None
    """A file of NAME=value lines, which go before the environment's."""
    prefix: Annotated[str, _GROUP] = "WXUNION"
    """What the variables' names begin with; PREFIX_REDIS_URL shares token and limits with other processes."""

    def variables(self) -> dict[str, str]:
        """Return the variables of this account, by their names without the prefix."""
        found = {**os.environ, **(_assignments(self.env_file) if self.env_file else {})}
        start = f"{self.prefix}_"
        known = {name.removeprefix(start): value for name, value in found.items() if name.startswith(start)}
        secret = self.app_secret_file and _read("--app-secret-file", self.app_secret_file)
        for name, given in (("APP_ID", self.app_id), ("APP_SECRET", secret), ("BASE_URL", self.base_url)):
            known |= {} if given is None else {name: given}
        return {name: value.strip() for name, value in known.items()}

    def client(
        self,
        on_event: Callable[[Any], object] | None = None,
        *,
        known: Mapping[str, str] | None = None,
        **settings: Any,
    ) -> "UnionClient":
        """Make a client with these settings, of the variables that are ``known``, or else are looked up."""
        from wxunion_async import UnionClient, UnionConfig  # what sends takes a while to load

        known = self.variables() if known is None else known
        if not known.get("APP_ID"):
            raise InputError(f"no app id: set {self.prefix}_APP_ID, or give --app-id")
        if not known.get("APP_SECRET"):
            file = {"-": "standard input", None: ""}.get(self.app_secret_file, self.app_secret_file)
            why = f"{file} is empty" if file else f"set {self.prefix}_APP_SECRET, or give --app-secret-file"
            raise InputError(f"no app secret: {why}")
        with environment({f"{self.prefix}_{name}": value for name, value in known.items()}):
            try:
                return UnionClient.from_env(self.prefix, config=UnionConfig(**settings), on_event=on_event)
            except ValueError as error:
                raise InputError(str(error)) from None


UNNAMED = Account()
"""No option is given; what is needed has to come from the environment."""


@contextlib.contextmanager
def environment(changes: Mapping[str, str]) -> Generator[None]:
    """Have variables in the environment, for what reads them there."""
    before = {name: os.environ[name] for name in changes if name in os.environ}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name in changes:
            del os.environ[name]
        os.environ.update(before)


def _assignments(file: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(_read("--env-file", str(file)).splitlines(), 1):
        try:
            words = shlex.split(line, comments=True)
            name, equals, value = "".join(words[words[:1] == ["export"] :]).partition("=")
            if not words:
                continue
            if not (equals and name.isidentifier()):
                raise ValueError
        except ValueError:  # what stands there may be a secret
            raise InputError(f"--env-file: {file}, line {number} is no NAME=value") from None
        found[name] = value
    return found


def _read(option: str, file: str) -> str:
    """Read a file, or a secret from standard input as ``-``; on a terminal nobody shall read it over a shoulder."""
    secret = (option, file) == ("--app-secret-file", "-")
    try:
        if not secret:
            return Path(file).read_text(encoding="utf-8-sig")
        if sys.stdin is None:  # pyright: ignore[reportUnnecessaryComparison] - "wxunion … <&-"
            raise InputError(f"{option}: standard input is closed")
        return getpass.getpass("App secret: ") if sys.stdin.isatty() else sys.stdin.read()
    except OSError as error:
        raise InputError(f"{option}: {file}: {error.strerror}") from None
    except ValueError:
        raise InputError(f"{option}: {'standard input' if secret else file} is no UTF-8 text") from None
