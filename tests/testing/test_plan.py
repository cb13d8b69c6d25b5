"""The targeted plan and the application for it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from wxunion_async.testing import Account, FakeUnionServer, PlanState, load_answer

Call = Callable[..., Awaitable[dict[str, Any]]]
Ask = Callable[[Account], Awaitable[str]]
Target = Callable[..., Awaitable[dict[str, Any]]]

GROUP = "/union/promoter/target/"


@pytest.fixture
def target(call: Call, server: FakeUnionServer, stable_token: Ask) -> Target:
    """Call target/<name> with the promoter's token."""

    async def send(name: str, **arguments: object) -> dict[str, Any]:
        return await call(GROUP + name, token=await stable_token(server.promoter), **arguments)

    return send


async def apply(target: Target, plan_id: object, reason: object = "okok") -> dict[str, Any]:
    """Apply for a plan."""
    return await target("apply_target", body={"planId": plan_id, "applyReason": reason})


async def status(target: Target, plan_id: str) -> dict[str, Any]:
    """Ask for the application's status."""
    return await target("apply_status", query={"planId": plan_id})


async def test_plan_info_is_the_documents_sample(target: Target, server: FakeUnionServer) -> None:
    """The invitation URL holds characters that a wrongly encoded query would lose."""
    answer = await target("plan_info", query={"planInvitationUrl": server.plan.invitation_url})
    assert answer == load_answer("target/plan_info")


@pytest.mark.parametrize("query", [{}, {"planInvitationUrl": "https://example.com"}])
async def test_another_invitation_has_no_plan(target: Target, query: dict[str, str]) -> None:
    """202002 for a wrong URL and for none."""
    assert (await target("plan_info", query=query))["errcode"] == 202002


async def test_an_application_is_accepted_once(target: Target, server: FakeUnionServer) -> None:
    """`applications` proves that a client which sends again did not apply twice."""
    assert await apply(target, server.plan.plan_id) == {"errcode": 0, "errmsg": "ok"}
    assert (await apply(target, server.plan.plan_id))["errcode"] == 202004
    assert server.plan.applications == 1
    assert server.plan.status is PlanState.APPLIED
    assert repr(server.plan) == "<Plan APPLIED, 1 applications>"


@pytest.mark.parametrize(("length", "errcode"), [(200, 0), (201, 202006)])
async def test_a_reason_has_200_characters(target: Target, server: FakeUnionServer, length: int, errcode: int) -> None:
    """Characters, not bytes: reasons are Chinese."""
    assert (await apply(target, server.plan.plan_id, "推" * length))["errcode"] == errcode
    assert server.plan.applications == (errcode == 0)


async def test_an_application_needs_the_plan_and_a_reason(target: Target, server: FakeUnionServer) -> None:
    """Nothing of a wrong application is remembered."""
    assert (await apply(target, "another"))["errcode"] == 202002
    assert (await apply(target, server.plan.plan_id, None))["errcode"] == 40097
    assert server.plan.applications == 0


async def test_status_before_an_application_is_202005(target: Target, server: FakeUnionServer) -> None:
    """There is nothing to tell yet."""
    assert (await status(target, server.plan.plan_id))["errcode"] == 202005
    assert (await status(target, "another"))["errcode"] == 202002


async def test_status_follows_the_review(target: Target, server: FakeUnionServer) -> None:
    """0 stands for "never", and the id in answers is the decimal one, which requests may carry too."""
    await apply(target, server.plan.plan_id, "推客申请加入原因")
    waiting = (await status(target, server.plan.answer_plan_id))["data"]
    assert waiting == {
        "planId": "1964112935262240768",
        "promoterStatus": 1,
        "applyTime": waiting["applyTime"],
        "joinTime": 0,
        "applyReason": "推客申请加入原因",
        "rejectTime": 0,
        "removeTime": 0,
    }
    assert waiting["applyTime"] > 1_700_000_000
    server.plan.approve()
    joined = (await status(target, server.plan.plan_id))["data"]
    assert joined == {**waiting, "promoterStatus": 2, "joinTime": waiting["applyTime"]}
    server.plan.reject()
    refused = (await status(target, server.plan.plan_id))["data"]
    assert refused == {**waiting, "promoterStatus": 3, "rejectTime": waiting["applyTime"]}


async def test_an_expired_plan_takes_no_application(target: Target, server: FakeUnionServer) -> None:
    """plan_info still answers and says that the plan is invalid."""
    server.plan.expire()
    assert (await apply(target, server.plan.plan_id))["errcode"] == 202001
    assert (await status(target, server.plan.plan_id))["errcode"] == 202001
    answer = await target("plan_info", query={"planInvitationUrl": server.plan.invitation_url})
    assert answer["targetPlanInfo"]["planStatus"] == 2
    assert server.plan.status is PlanState.EXPIRED


async def test_reset_makes_a_new_plan(target: Target, server: FakeUnionServer) -> None:
    """One server can serve many cases."""
    await apply(target, server.plan.plan_id)
    server.plan.expire()
    server.plan.reset()
    assert (server.plan.status, server.plan.applications) == (PlanState.OPEN, 0)
    assert (await apply(target, server.plan.plan_id))["errcode"] == 0


def test_a_decision_needs_an_application(server: FakeUnionServer) -> None:
    """A test that forgot to apply should fail where the mistake is."""
    with pytest.raises(RuntimeError, match="nobody has applied"):
        server.plan.approve()
    with pytest.raises(RuntimeError, match="nobody has applied"):
        server.plan.reject()
