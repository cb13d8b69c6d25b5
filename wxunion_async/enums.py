"""Enumerations that more than one endpoint uses, and the base that keeps them open."""

import enum
from typing import Self

__all__ = ["OpenIntEnum", "PlanType", "PromoterType"]


class OpenIntEnum(enum.IntEnum):
    """
    An enumeration that also takes numbers its document does not list.

    Such a number becomes a member named ``UNKNOWN_n``, made anew each time: compare with ``==``, not with ``is``.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member


class PlanType(OpenIntEnum):
    """
    By which kind of plan a product is promoted.

    Source: get-promote-product-detail.txt, section 2 (``plan_type``).
    """

    TARGETED = 1
    """定向计划: a targeted plan of the merchant."""
    PUBLIC = 2
    """公开计划: a public plan of the merchant."""
    AGENCY_TARGETED = 3
    """机构定向计划: a targeted plan of an agency; needs ``head_supplier_appid``."""
    AGENCY_ORDINARY = 4
    """机构普通计划: an ordinary plan of an agency; needs ``head_supplier_appid``."""


class PromoterType(OpenIntEnum):
    """
    The kind of an account that belongs to a shop.

    Source: doc/store/leagueheadsupplier/api/sharer/account/api_getbindshoppromoterlist (``promoter_type``).
    """

    CHANNELS_ACCOUNT = 1
    """视频号: a channels account, with lives and short videos."""
    OFFICIAL_ACCOUNT = 4
    """公众号: an official account, with articles."""
    SERVICE_ACCOUNT = 5
    """服务号: a service account."""
