"""The typed user's program runs; that its types are right is for mypy and pyright."""

import importlib.util
from pathlib import Path
from types import ModuleType

from wxunion_async import UnionClient, UnionConfig
from wxunion_async.testing import FakeUnionServer


def program() -> ModuleType:
    """Load the program; with importlib import mode the tests are no package."""
    spec = importlib.util.spec_from_file_location("typed_user", Path(__file__).with_name("typed_user.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def test_what_is_typed_is_also_true() -> None:
    """Types that pass the checkers and fail at run time would be worse than none."""
    user = program()
    async with FakeUnionServer() as server:
        config = UnionConfig(base_urls=(server.base_url,))
        async with (
            UnionClient(server.promoter.app_id, server.promoter.app_secret, config=config) as promoter,
            UnionClient(server.agency.app_id, server.agency.app_secret, config=config) as agency,
        ):
            info = await user.promote(promoter, server.plan.invitation_url, server.plan.plan_id)
            assert info.target_plan_info.plan_name == "TEST定向计划CR"
            prices = await user.sell(agency)
            assert prices
            assert all(isinstance(price, int) for price in prices)
            assert await user.be_generic(agency) > 0
