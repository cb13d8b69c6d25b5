"""Takes what is secret out of a foreign text."""

import json
from collections import deque
from urllib.parse import quote, quote_plus

from wxunion_async.protocols import AccessToken, Secret

__all__ = ["HIDDEN", "Redactor"]

HIDDEN = "***"
_TOKENS_REMEMBERED = 16


class Redactor:
    """Takes the secret and the latest tokens out of a text."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._tokens: deque[Secret] = deque(maxlen=_TOKENS_REMEMBERED)

    def remember(self, token: AccessToken) -> None:
        """Know this token from now on."""
        self._tokens.append(Secret(token.value))

    def __call__(self, text: str) -> str:
        for hidden in (self._secret, *self._tokens):
            plain = hidden.reveal()
            for form in (plain, quote(plain, safe=""), quote_plus(plain), json.dumps(plain)[1:-1]):
                text = text.replace(form, HIDDEN)
        return text
