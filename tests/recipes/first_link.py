"""A promoter from registration to the first link: ``first_link.py OPENID SHOP_APPID PRODUCT_ID``."""

import asyncio
import sys

from wxunion_async import CommissionType, Per1M, UnionClient
from wxunion_async.endpoints.promoter.get_promoter_register_and_bind_status import BindStatus, RegisterStatus

SECONDS = 2.0  # between two questions; the event promoter_bind_result of your callback URL saves them


async def bound(agency: UnionClient, openid: str) -> str:
    """Return the promoter's app id, once the promoter has registered and is bound to this agency."""
    told: object = None
    while True:
        status = await agency.promoter.get_promoter_register_and_bind_status(False, sharer_openid=openid)
        if status.bind_status is BindStatus.BOUND and status.sharer_appid:
            return status.sharer_appid
        view = status.register_business_type, status.register_query_string
        if status.register_status is RegisterStatus.REGISTERED:
            view = status.bind_business_type, status.bind_query_string
        if told != view:  # the mini program passes them to wx.openBusinessView
            print("open", *view, flush=True)
            told = view
        await asyncio.sleep(SECONDS)


async def main(openid: str, shop_appid: str, product_id: int) -> None:
    async with UnionClient.from_env() as agency:
        sharer, rate = await bound(agency, openid), Per1M(500_000)  # half of the commission
        await agency.promoter.set_sharer_commission_info(
            sharer_appid=sharer, commission_type=CommissionType.PLATFORM, commission_ratio=rate
        )
        make = agency.promoter.get_product_promotion_link_info
        link = await make(shop_appid=shop_appid, product_id=product_id, sharer_appid=sharer)
        print(sharer, link.short_link)


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
