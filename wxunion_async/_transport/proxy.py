"""The proxies that the environment names, checked once."""

import os
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from yarl import URL

__all__ = ["environment_proxy"]


def environment_proxy(base_url: str) -> URL | None:
    """
    Return the proxy for ``base_url``; ``None`` for none. Without a scheme, ``http`` is meant, as for curl.

    Raises:
        ValueError: the proxy cannot be used; the message names the variable, and shows nothing of the value.

    """
    parts = urlsplit(base_url)
    proxies = getproxies()
    if proxy_bypass(parts.netloc):
        return None
    scheme = parts.scheme if proxies.get(parts.scheme) else "all"
    proxy = proxies.get(scheme, "").strip()
    if not proxy:
        return None
    variable = next((name for name in os.environ if name.lower() == f"{scheme}_proxy"), f"{scheme}_proxy")
    try:
        url = URL(proxy if "://" in proxy else f"http://{proxy}")
        usable = bool(url.host) and url.port is not None
    except ValueError:
        url, usable = URL(), False
    if usable and url.scheme not in ("http", "https"):
        raise ValueError(f"{variable}: a proxy of the kind {url.scheme}:// cannot be used, only http:// and https://")
    if not usable:
        raise ValueError(f"{variable}: not the URL of a proxy")
    return url
