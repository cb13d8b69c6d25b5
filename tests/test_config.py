"""Settings, events and credentials: values that are checked when they are built."""

import copy
import math
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxunion_async.config import DEFAULT_BASE_URLS, RateLimit, RetryPolicy, UnionConfig
from wxunion_async.events import DriftEvent, TokenRefreshedEvent
from wxunion_async.protocols import AccessToken, Credentials, Secret


def test_the_defaults_are_the_documented_ones() -> None:
    """The README and the docstrings name them."""
    config = UnionConfig()
    assert config.base_urls == DEFAULT_BASE_URLS == ("https://api.weixin.qq.com", "https://api2.weixin.qq.com")
    assert (config.call_timeout, config.attempt_timeout, config.max_connections) == (30.0, 10.0, 100)
    assert config.retry == RetryPolicy(max_attempts=4, base_delay=0.5, max_delay=8.0, budget=50)
    assert config.default_rate_limit == RateLimit(3000, 60.0)
    assert config.rate_limits == {}
    assert not config.strict_decoding


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"base_urls": "https://a"}, "base_urls must be a tuple of str, not str"),
        ({"base_urls": ()}, "base_urls must not be empty"),
        ({"base_urls": (1,)}, "base_urls must hold str, not int"),
        ({"base_urls": ("a.com",)}, "is not an http:// or https:// URL"),
        ({"base_urls": ("ftp://a",)}, "is not an http:// or https:// URL"),
        ({"base_urls": ("https://",)}, "is not an http:// or https:// URL"),
        ({"base_urls": ("https://a b",)}, "is not an http:// or https:// URL"),
        ({"base_urls": ("https://[x",)}, "is not an http:// or https:// URL"),
        ({"base_urls": ("https://a:99999",)}, "is not an http:// or https:// URL"),
        ({"base_urls": ("https://u:p@a",)}, "a user name or a password"),
        ({"base_urls": ("https://a?b",)}, "has a query or a fragment"),
        ({"base_urls": ("https://a#b",)}, "has a query or a fragment"),
        ({"call_timeout": 0}, "call_timeout must be positive"),
        ({"call_timeout": math.inf}, "call_timeout must be finite"),
        ({"attempt_timeout": True}, "attempt_timeout must be a number, not bool"),
        ({"attempt_timeout": "1"}, "attempt_timeout must be a number, not str"),
        ({"max_connections": 0}, "max_connections must be at least 1"),
        ({"max_connections": 1.5}, "max_connections must be an int, not float"),
        ({"retry": None}, "retry"),
        ({"default_rate_limit": 5}, "default_rate_limit"),
        ({"rate_limits": [("/a", RateLimit(1))]}, "rate_limits must be a mapping"),
        ({"rate_limits": {"a": RateLimit(1)}}, "rate_limits: 'a' is not a path"),
        ({"rate_limits": {1: RateLimit(1)}}, "rate_limits: 1 is not a path"),
        ({"rate_limits": {"/a": 5}}, "rate_limits: the value of '/a' must be a RateLimit"),
        ({"strict_decoding": 1}, "strict_decoding must be a bool"),
    ],
)
def test_a_wrong_setting_fails_by_name(fields: dict[str, Any], message: str) -> None:
    """It fails in the constructor, not in the tenth call."""
    with pytest.raises((TypeError, ValueError), match=message):
        UnionConfig(**fields)


def test_base_urls_lose_their_trailing_slash() -> None:
    """Paths begin with one."""
    assert UnionConfig(base_urls=["http://127.0.0.1:8080/"]).base_urls == ("http://127.0.0.1:8080",)


def test_a_path_of_its_own_limit() -> None:
    """Every other path has the default one; later changes of the caller's dict do not reach the value."""
    limits = {"/a": RateLimit(5)}
    config = UnionConfig(rate_limits=limits)
    limits.clear()
    assert config.limit_of("/a") == RateLimit(5)
    assert config.limit_of("/b") == config.default_rate_limit


def test_settings_are_frozen() -> None:
    """One value is shared by a client and its views."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        UnionConfig().call_timeout = 1.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_rate": 0}, "max_rate must be at least 1"),
        ({"max_rate": True}, "max_rate must be an int"),
        ({"max_rate": 1, "time_period": 0}, "time_period must be positive"),
        ({"max_rate": 1, "time_period": math.nan}, "time_period must be finite"),
        ({"max_rate": 1, "burst": 0}, "burst must be at least 1"),
        ({"max_rate": 1, "burst": 2}, r"burst must not be above max_rate \(1\), not 2"),
    ],
)
def test_a_wrong_rate_limit_fails_by_name(arguments: dict[str, Any], message: str) -> None:
    """A limit that cannot be kept is a mistake in the settings."""
    with pytest.raises((TypeError, ValueError), match=message):
        RateLimit(**arguments)


@pytest.mark.parametrize(
    ("limit", "size"),
    [
        (RateLimit(1), 1),
        (RateLimit(19), 1),
        (RateLimit(20), 2),
        (RateLimit(3000), 90),
        (RateLimit(3000, burst=3000), 3000),
    ],
)
def test_the_default_burst_is_three_per_cent(limit: RateLimit, size: int) -> None:
    """At least 2, and 1 below a rate of 20."""
    assert limit.bucket_size == size


@given(st.integers(1, 10_000), st.floats(0.01, 3600), st.data())
def test_no_window_holds_more_than_the_limit(max_rate: int, time_period: float, data: st.DataObject) -> None:
    """A full bucket and what leaks in a half-open window are never more than ``max_rate``."""
    burst = data.draw(st.none() | st.integers(1, max_rate))
    limit = RateLimit(max_rate, time_period, burst)
    # The last permit leaves when (max_rate - burst + 1) have leaked: not before the window's end, up to rounding.
    assert (max_rate - limit.bucket_size + 1) / limit.leak > time_period


@given(st.integers(1, 100_000))
def test_the_default_burst_leaves_the_limit_usable(max_rate: int) -> None:
    """96 % and more; from 20 to 24, where 2 at once are more than 3 %, 95 %."""
    share = RateLimit(max_rate).leak * 60.0 / max_rate
    assert share >= (0.95 if 20 <= max_rate <= 24 else 0.96) - 1e-6


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"max_attempts": 0}, "max_attempts must be at least 1"),
        ({"base_delay": -1}, "base_delay must not be negative"),
        ({"max_delay": math.inf}, "max_delay must be finite"),
        ({"budget": "5"}, "budget must be a number"),
    ],
)
def test_a_wrong_retry_policy_fails_by_name(fields: dict[str, Any], message: str) -> None:
    """As every setting does."""
    with pytest.raises((TypeError, ValueError), match=message):
        RetryPolicy(**fields)


def test_a_secret_does_not_show_itself() -> None:
    """Crash reporters print what they find in a frame."""
    secret = Secret("s3cret")
    assert secret.reveal() == "s3cret"
    assert "s3cret" not in repr(secret) + str(secret) + repr(Credentials("wx1", secret))


@pytest.mark.parametrize(
    ("value", "expires_at", "message"),
    [
        (1, 1.0, "value must be a str, not int"),
        ("", 1.0, "value must not be empty"),
        ("t", "1", "expires_at must be Unix seconds, not str"),
        ("t", True, "expires_at must be Unix seconds, not bool"),
    ],
)
def test_a_wrong_access_token_fails_by_name(value: Any, expires_at: Any, message: str) -> None:
    """Users write their own sources and stores."""
    with pytest.raises((TypeError, ValueError), match=message):
        AccessToken(value, expires_at)


def test_an_access_token_hides_its_value() -> None:
    """The token never leaves, not even in a repr; it does travel between processes."""
    token = AccessToken("t0ken", 5.0)
    assert "t0ken" not in repr(token)
    assert pickle.loads(pickle.dumps(token)) == token


def test_events_are_small_values() -> None:
    """They are compared in tests and sent to queues."""
    drift = DriftEvent(endpoint="/x", path="a.b", found="array")
    refreshed = TokenRefreshedEvent(app_id="wx1", lifetime=7200.0, forced=False)
    assert pickle.loads(pickle.dumps((drift, refreshed))) == (drift, refreshed)


def test_a_config_is_one_value() -> None:
    """It goes to worker processes, stands in sets and is copied; its limits are a mapping that stays as it is."""
    config = UnionConfig(rate_limits={"/a": RateLimit(5)})
    for twin in (pickle.loads(pickle.dumps(config)), copy.deepcopy(config), copy.copy(config)):
        assert twin == config
        assert hash(twin) == hash(config)
        assert len({twin, config}) == 1
    assert (len(config.rate_limits), [*config.rate_limits]) == (1, ["/a"])
    assert repr(config.rate_limits).startswith("{'/a': RateLimit(max_rate=5")
    assert hash(UnionConfig()) == hash(UnionConfig())


def test_a_host_that_no_resolver_can_be_asked_for_is_refused() -> None:
    """It was a UnicodeError in the middle of a call."""
    with pytest.raises(ValueError, match="base_urls"):
        UnionConfig(base_urls=("http://" + "a" * 64 + ".example",))
