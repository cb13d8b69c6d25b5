"""Whose app it is, and where the service is: the options that every call has in common."""

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import attrs
from cyclopts import Group, Parameter

from wxunion_async import UnionClient, UnionConfig
from wxunion_async.cli.failures import InputError

__all__ = ["UNNAMED", "Account"]

_GROUP = Group("Account", sort_key=10)


@Parameter(name="*")
@attrs.frozen(kw_only=True)
class Account:
    """The account that a call is made for."""

    app_id: Annotated[str | None, Parameter(group=_GROUP, env_var="WXUNION_APP_ID")] = None
    """The account's app id."""
    app_secret_file: Annotated[str | None, Parameter(group=_GROUP, allow_leading_hyphen=True)] = None
    """A file with the account's secret, - for standard input; without it WXUNION_APP_SECRET is taken."""
    base_url: Annotated[str | None, Parameter(group=_GROUP, env_var="WXUNION_BASE_URL")] = None
    """Where the service is, instead of the vendor's hosts."""

    def client(self, **settings: Any) -> UnionClient:
        """
        Make a client of this account.

        Args:
            settings: fields of ``UnionConfig``.

        Raises:
            InputError: something is missing or wrong.

        """
        app_id, base_url = (self.app_id or "").strip(), (self.base_url or "").strip()
        if not app_id:
            raise InputError("no app id: set WXUNION_APP_ID, or give --app-id")
        try:
            config = UnionConfig(**settings)
            config = attrs.evolve(config, base_urls=(base_url,)) if base_url else config
        except ValueError as error:
            raise InputError(f"--base-url, WXUNION_BASE_URL: {error}") from None
        return UnionClient(app_id, self._secret(), config=config)

    def _secret(self) -> str:
        file = self.app_secret_file
        if file is None:
            secret, where = (
                os.environ.get("WXUNION_APP_SECRET", ""),
                "set WXUNION_APP_SECRET, or give --app-secret-file",
            )
        else:
            secret, where = _read(file), f"{'standard input' if file == '-' else file} is empty"
        if not secret.strip():
            raise InputError(f"no app secret: {where}")
        return secret.strip()


def _read(file: str) -> str:
    try:
        if file != "-":
            return Path(file).read_text(encoding="utf-8")
        # On a terminal nobody shall read it over a shoulder.
        return getpass.getpass("App secret: ") if sys.stdin.isatty() else sys.stdin.read()
    except OSError as error:
        raise InputError(f"--app-secret-file: {file}: {error.strerror}") from None
    except ValueError:
        raise InputError(f"--app-secret-file: {file} is no UTF-8 text") from None


UNNAMED = Account()
"""No option is given; the secret, at least, has to come from the environment."""
