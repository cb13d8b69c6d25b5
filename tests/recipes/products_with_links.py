"""All products of a kind of plan, with details and one promoter's links: ``products_with_links.py wx… [1|2]``."""

import asyncio
import json
import sys

from wxunion_async import (
    GetProductPromotionLinkInfoRequest,
    GetPromoteProductDetailRequest,
    GetPromoteProductListRequest,
    PlanType,
    UnionClient,
)


async def main(sharer: str, plan: PlanType) -> None:
    async with UnionClient.from_env() as agency:
        async for page in agency.pages(GetPromoteProductListRequest(plan)):
            ids = [(item.shop_appid, item.product_id) for item in page.product_list]
            details, links = await asyncio.gather(
                agency.gather(
                    GetPromoteProductDetailRequest(shop_appid=shop, product_id=product, plan_type=plan)
                    for shop, product in ids
                ),
                agency.gather(
                    GetProductPromotionLinkInfoRequest(shop_appid=shop, product_id=product, sharer_appid=sharer)
                    for shop, product in ids
                ),
            )
            for detail, link in zip(details, links, strict=True):
                if error := detail.error or link.error:
                    print(detail.request.product_id, error, error.advice, file=sys.stderr)
                    continue
                info = detail.unwrap().product.product_info
                prices = [sku.sale_price for sku in info.skus]  # in fen
                print(json.dumps([detail.request.product_id, info.title, prices, link.unwrap().short_link]))


asyncio.run(main(sys.argv[1], PlanType(int(sys.argv[2])) if len(sys.argv) > 2 else PlanType.PUBLIC))
