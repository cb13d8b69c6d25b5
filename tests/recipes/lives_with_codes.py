"""What our talents stream now, with one promoter's QR codes: ``lives_with_codes.py MINI_PROGRAM_APPID SHARER_APPID``."""

import asyncio
import json
import sys

from wxunion_async import GetLiveRecordListRequest, GetLiveRecordQrCodeRequest, UnionClient


async def main(mini_program: str, sharer: str) -> None:
    async with UnionClient.from_env() as agency:
        talents = agency.promoter.iter_bind_talent_list()
        lists = (
            GetLiveRecordListRequest(
                talent_appid=talent.talent_appid, mini_program_appid=mini_program, sharer_appid=sharer
            )
            async for talent in talents
        )
        async with agency.map(lists) as outcomes:
            async for outcome in outcomes:
                if outcome.error:
                    print(outcome.request.talent_appid, outcome.error, outcome.error.advice, file=sys.stderr)
                    continue
                talent, lives = outcome.request.talent_appid, outcome.unwrap().live_record_list
                codes = await agency.gather(
                    GetLiveRecordQrCodeRequest(talent_appid=talent, export_id=live.export_id, sharer_appid=sharer)
                    for live in lives
                )
                for live, code in zip(lives, codes, strict=True):
                    row = {"talent": talent, "live": live.description, "card": live.promoter_share_link}
                    print(json.dumps({**row, "code": None if code.error else code.unwrap().qrcode_url}))


asyncio.run(main(*sys.argv[1:]))
