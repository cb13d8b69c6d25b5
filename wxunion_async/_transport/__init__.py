"""HTTP over aiohttp, the only room that knows it: one exchange at a time, and nothing secret gets out."""

from wxunion_async._transport.exchange import Exchange, Incoming, Leave, Outgoing
from wxunion_async._transport.transport import Transport

__all__ = ["Exchange", "Incoming", "Leave", "Outgoing", "Transport"]
