"""What became of one request of a bulk run."""

from typing import Any, Generic, TypeVar, cast

import attrs

from wxunion_async._endpoint import UnionRequest
from wxunion_async.errors import UnionError

__all__ = ["Outcome"]

Answer = TypeVar("Answer")
R_co = TypeVar("R_co", bound=UnionRequest[Any], covariant=True)


@attrs.frozen(kw_only=True, weakref_slot=False)
class Outcome(Generic[R_co]):
    """
    What became of one request of a bulk run: a value, or the error that it met.

    .. versionadded:: 0.1.0
    """

    index: int
    """The request's place in the input, from 0."""
    request: R_co
    """The request."""
    _value: Any = attrs.field(default=None, alias="value")
    error: UnionError | None = None
    """The error; ``None`` if there is an answer."""
    attempts: int = 0
    """How many times the request was tried; 0 if the run ended before its turn."""
    elapsed: float = 0.0
    """Seconds from the first permit to the end, backoff included; 0.0 if it was never sent."""

    @property
    def value(self: "Outcome[UnionRequest[Answer]]") -> Answer | None:
        """The answer; ``None`` if there is an error, and where the answer is ``None``."""
        return cast("Answer | None", self._value)

    def unwrap(self: "Outcome[UnionRequest[Answer]]") -> Answer:
        """Return the answer, or raise the error."""
        if self.error is not None:
            raise self.error
        return cast("Answer", self._value)

    def __repr__(self) -> str:
        names = (field.alias or field.name for field in attrs.fields(type(self)))
        return f"Outcome({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"
