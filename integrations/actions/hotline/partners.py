"""Entering partners, changing what is said of them, their secrets, and switching them on and off."""

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.records import record
from gridgov.core.secrets import Unreadable, seal, unseal
from grids.models import Grid
from integrations.choices.hotline import OLD_SECRET_HOLDS
from integrations.models.hotline import Partner, PartnerCode
from integrations.rules import hotline as rules

# Profiles that come with the house; a partner gets a copy, which is its own from then on.
SHIPPED = Path(__file__).resolve().parent.parent.parent / "data"


@dataclass(frozen=True)
class Given:
    """A partner with its secret in clear, to be shown this once."""

    partner: Partner
    secret: str


def shipped_profiles() -> dict[str, dict[str, Any]]:
    """{name: profile} of those that come with the house."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.json"))}


@transaction.atomic
def add_partner(
    *, code: str, name: str, profile: dict[str, Any], ground: Grid, account: User, address: str = "",
    sources: list[str] | None = None, by: User, at: dt.datetime,
) -> Partner:  # fmt: skip
    """Enter a partner with the codes that its profile brings. Nothing comes from it before it has a secret and is on."""
    rules.can_keep_partners(by).insist()
    taken = Partner.objects.filter(Q(code=code) | Q(name=name)).exists()
    rules.can_be_partner(taken, ground, account, profile, sources or []).insist()
    partner = Partner.objects.create(
        code=code, name=name, profile=profile, ground=ground, account=account, address=address.rstrip("/"), sources=sources or [],
        made_by=by, made_at=at,
    )  # fmt: skip
    rows = [
        (table, theirs, ours) for table, codes in profile.get("codes", {}).items() for theirs, ours in codes.items()
    ]
    PartnerCode.objects.bulk_create(
        PartnerCode(partner=partner, table=t, theirs=theirs, ours=ours) for t, theirs, ours in rows
    )
    record(
        "integrations.partner_added",
        partner,
        by=by,
        at=at,
        data={"name": name, "ground": ground.code, "codes": len(rows)},
    )
    return partner


@transaction.atomic
def change_partner(*, partner: Partner, by: User, at: dt.datetime, **values: Any) -> Partner:
    """Say anew where PARTNER's messages come from and go to (`address`, `sources`), or how they are read (`profile`)."""
    rules.can_keep_partners(by).insist()
    row = Partner.objects.select_related("ground", "account").locked(partner)
    profile = values.get("profile", row.profile)
    rules.can_be_partner(False, row.ground, row.account, profile, values.get("sources", row.sources)).insist()
    changes = row.change(**values)
    if "profile" in changes:
        changes["profile"] = ["…", "…"]
    record("integrations.partner_changed", row, by=by, at=at, data={"changes": changes})
    return row


@transaction.atomic
def set_partner_secret(*, partner: Partner, secret: str = "", by: User, at: dt.datetime) -> Given:
    """Give PARTNER the SECRET that it chose, or a new one. The one before is good for two more days, so that both sides
    can change it without a gap. No record and no page says it again."""
    rules.can_keep_partners(by).insist()
    chosen = secret or secrets.token_urlsafe(32)
    rules.can_be_secret(chosen).insist()
    row = Partner.objects.locked(partner)
    old = {"old_secret": row.secret, "old_until": at + OLD_SECRET_HOLDS} if row.secret else {}
    row.change(secret=seal(chosen, of=row.sealed_for), **old)
    record("integrations.partner_secret_set", row, by=by, at=at, data={"chosen": bool(secret)})
    return Given(row, chosen)


@transaction.atomic
def switch_partner(*, partner: Partner, active: bool, by: User, at: dt.datetime) -> Partner:
    """Let messages in and out, or not any more."""
    row = Partner.objects.locked(partner)
    rules.can_switch(by, row, active).insist()
    record("integrations.partner_switched", row, by=by, at=at, data={"changes": row.change(is_active=active)})
    return row


def secrets_of(partner: Partner, at: dt.datetime) -> list[str]:
    """The secrets that are good at AT, the newest first. Raises Invalid where the house has lost the key."""
    sealed = [partner.secret] + ([partner.old_secret] if partner.old_until and at < partner.old_until else [])
    try:
        return [unseal(one, of=partner.sealed_for) for one in sealed if one]
    except Unreadable:
        raise Invalid(_("The partner's secret can't be opened; set it anew."), code="sealed") from None
