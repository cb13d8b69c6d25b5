"""The root's names: lazy, complete, and the same for a type checker as at run time."""

import importlib.util
import pickle
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import wxunion_async
from wxunion_async import PlanInfo, TargetPlanInfo, endpoints, request_classes

# What 0.1.0 exported; none of it may go.
BEFORE = """
AccessToken AddressInfo AlreadyAppliedError ApiError ApplyReasonTooLongError ApplyStatus ApplyStatusRequest
ApplyTargetRequest BizBasicInfo Category ClientClosedError ClientView CommissionInfo CommissionStatus Coupon
CouponDetail CouponInfo CredentialError Credentials DeadlineExceededError DecodeError DescInfo DiscountCondition
DiscountInfo DriftEvent Event ExpressInfo ExtInfo ExternalTokenSource ExtraService Fen GetPromoteProductDetailRequest
GetPromoteProductListRequest GroupbuyInfo HeadSupplierInfo HttpStatusError IPNotAllowedError InvalidAppIdError
InvalidParameterError LeagueExInfo LocalRateLimiter MemoryTokenStore NormalCommissionInfo NotAppliedError OpenIntEnum
Outcome Outcomes Per100k Per10k Per1M PermissionDeniedError PlainTokenSource PlanCategory PlanExpiredError
PlanExpressInfo PlanInfo PlanInfoRequest PlanNotFoundError PlanProduct PlanProductDescription PlanProductDetail PlanSku
PlanStatus PlanType PresaleDeliveryType Product ProductCategory ProductInfo ProductNotFoundError ProductNotListedError
ProductSkuInfo ProductStatus PromoteProduct PromoteProductDetail PromoteProductList PromoterStatus Quota
QuotaExhaustedError QuotaGetRequest QuotaRateLimit QuotaUsage Range RateLimit RateLimitedError RateLimiter ReceiveInfo
RequestPart ResponseError RetryPolicy Secret ServiceDesc Sku SkuAttr SkuDeliverInfo SkuIdList SkuList SkuPrice
SnapshotInfo SpuItemCondition SpuLimited StableTokenSource StatisticalData StockInfo StockType SystemBusyError
TargetPlanInfo TokenCall TokenError TokenRefreshedEvent TokenSource TokenStore TransportError UnionClient UnionConfig
UnionError UnionRequest ValidInfo ValidType decode encode
"""


@pytest.fixture(scope="module")
def names() -> ModuleType:
    """Load the generator; with importlib import mode the tests are no package."""
    spec = importlib.util.spec_from_file_location("names", Path(__file__).with_name("names.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fresh(program: str) -> str:
    """Return what ``program`` prints in a new interpreter."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_table_and_stubs_are_not_stale(names: Any) -> None:
    """A type checker must not believe in a name that is not there, or miss one."""
    stale = [path.name for path, text in names.texts().items() if path.read_text(encoding="utf-8") != text]
    assert not stale, f"run: {names.COMMAND}"


def test_every_name_is_there(names: Any) -> None:
    """Those of before, every request class and its answer, and all that the stub lists."""
    listed = set(wxunion_async.__all__)
    assert listed >= {*BEFORE.split(), *(cls.__name__ for cls in request_classes())}
    assert all(getattr(wxunion_async, name).__name__ == name for name in sorted(listed - {"Event", "ClientView"}))
    assert {*dir(wxunion_async)} >= {*listed, "__version__"}


def test_two_endpoints_cannot_share_a_name(names: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The root would give one of them; the second answer gets ``Answer`` behind its name."""
    found = {"target.plan_info": {"Plan": "target.plan_info"}, "other.plan": {"Plan": "other.plan"}}
    monkeypatch.setattr(names, "endpoint_modules", lambda: list(found))
    monkeypatch.setattr(names, "names_of", found.__getitem__)
    with pytest.raises(ValueError, match=r"Plan of other\.plan is taken"):
        names.endpoint_names()
    found["other.plan"] = {"PlanType": "other.plan"}
    with pytest.raises(ValueError, match=r"PlanType of other\.plan is taken"):
        names.endpoint_names()


def test_importing_loads_nothing_else() -> None:
    """A name costs its module, and nothing before it is asked for."""
    program = (
        "import sys, wxunion_async as w\n"
        "print([name for name in sys.modules if name.startswith('wxunion_async.')])\n"
        "print(w.errors.UnionError.__name__, w.units.Fen(5))"
    )
    assert fresh(program).splitlines() == ["[]", "UnionError 5"]


def test_a_star_import_gives_everything() -> None:
    """It loads everything, too."""
    names: dict[str, Any] = {}
    exec("from wxunion_async import *", names)
    assert names.keys() - {"__builtins__"} == set(wxunion_async.__all__)
    assert (names["PlanInfo"], names["Fen"](5)) == (PlanInfo, 5)
    assert "__version__" not in names


@pytest.mark.untraced
def test_answers_pickle_into_a_fresh_process() -> None:
    """The class is found by its module, which the root has not loaded."""
    answer = PlanInfo(target_plan_info=TargetPlanInfo(plan_id="1"))
    program = f"import pickle; print(pickle.loads({pickle.dumps(answer)!r}).target_plan_info.plan_id)"
    assert fresh(program) == "1"


@pytest.mark.parametrize("name", ["PlanInof", "__wrapped__", "no_such_module"])
def test_an_unknown_name_is_an_attribute_error(name: str) -> None:
    """As of any module; ``hasattr`` must work."""
    with pytest.raises(AttributeError, match=f"module 'wxunion_async' has no attribute '{name}'"):
        getattr(wxunion_async, name)
    with pytest.raises(AttributeError, match=f"module 'wxunion_async.endpoints' has no attribute '{name}'"):
        getattr(endpoints, name)


def test_a_missing_dependency_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """``wxunion_async.redis`` without redis is no unknown name."""
    monkeypatch.setitem(sys.modules, "redis", None)
    for loaded in [name for name in sys.modules if name.startswith("wxunion_async.redis")]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.delitem(vars(wxunion_async), "redis", raising=False)
    with pytest.raises(ModuleNotFoundError, match="redis"):
        getattr(wxunion_async, "redis")  # noqa: B009 - the stub names no modules
