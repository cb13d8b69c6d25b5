"""What ``WXUNION_LOG`` sets up: the log lines of this library, and of nothing else, on stderr."""

import logging

__all__ = ["set_up"]

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO}


def set_up(level: str) -> None:
    """
    Show the library's log lines from ``level`` on; the logging of the program stays as it is.

    Where the program has handlers of its own, they show the lines, and nothing is shown twice.

    Args:
        level: ``"debug"`` (a line for each attempt) or ``"info"``, in any case.

    Raises:
        ValueError: it is neither.

    """
    if level.strip().lower() not in _LEVELS:
        raise ValueError(f"WXUNION_LOG must be debug or info, not {level!r}")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(lambda record: not logging.getLogger().handlers)
    logger = logging.getLogger("wxunion_async")
    logger.addHandler(handler)
    logger.setLevel(_LEVELS[level.strip().lower()])
