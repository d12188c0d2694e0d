"""Taking in what somebody reports by another app, and the pictures that it only named."""

import datetime as dt
import io
from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import ApiClient, User
from cases.actions import Report, add_photo
from cases.choices import Channel, PhotoKind
from cases.models import Case, Category
from cases.reports import suggest
from door.actions import take_report
from door.choices import SlipKind
from door.models import Slip
from gridgov.core import jobs
from gridgov.core.errors import Invalid, Refusal
from gridgov.core.records import record
from grids.models import Grid
from grids.queries import heavy, locate, scope_of
from integrations.choices.open311 import FETCH
from integrations.rules import open311 as rules


@dataclass(frozen=True)
class Told:
    """What a client tells: the SERVICE, the place as a POINT (WGS-84: longitude, latitude), an address or the code of a grid;
    pictures as files, or as `urls` where they lie."""

    service: Category
    text: str
    point: tuple[float, float] | None = None
    address: str = ""
    address_id: str = ""
    name: str = ""
    phone: str = ""
    consent: str = ""
    photos: tuple[BinaryIO, ...] = ()
    urls: tuple[str, ...] = ()


@transaction.atomic
def take_request(*, told: Told, client: ApiClient, streets: Collection[Grid], secret: str, at: dt.datetime) -> Case:
    """Take in what CLIENT tells about one of the STREETS, in the name of the residents' door: SECRET leads to the code by
    which whoever reported follows it. Raises Invalid for a place that can't be, Forbidden for one that is not the client's.
    """
    grid = _placed(told, client, streets, at)
    inside = Grid.objects.filter(scope_of(client.user).under(), pk=grid.pk).exists()
    rules.can_report_there(grid, streets, inside).insist()
    report = Report(
        category=told.service.code, text=told.text, channel=Channel.OPEN311, grid=grid.code,
        place=told.address or (grid.name if told.address_id else ""),
        lng=told.point[0] if told.point else None, lat=told.point[1] if told.point else None,
        reporter_name=told.name, reporter_phone=told.phone, anonymous=not (told.name or told.phone),
    )  # fmt: skip
    handed = take_report(
        key=secret, report=report, photos=told.photos, consent=told.consent, by=User.objects.door(), at=at
    )
    case = handed.slip.case
    said = {"case": case.no, "client": client.name, "pictures": len(told.photos) + len(told.urls)}
    record("integrations.open311_taken", handed.slip, by=client.user, at=at, data=said)
    for number, url in enumerate(told.urls):
        jobs.promise(FETCH, f"{case.pk}:{number}", due_at=at, payload={"case": case.pk, "url": url})
    return case


def _placed(told: Told, client: ApiClient, streets: Collection[Grid], at: dt.datetime) -> Grid:
    """The grid that is meant: where the point lies, or whose code was named, or that the address seems to name; else the
    client's own ground, within which the office looks for the place. Raises Invalid."""
    if told.point is not None:
        found = locate(*told.point, localdate(at))
        if found is None:
            raise Invalid(_("This point lies outside every grid."), code="outside", field="lat")
        return found
    rows = Grid.objects.defer(*heavy(""))
    if told.address_id:
        named: Grid | None = rows.filter(code=told.address_id, valid_to=None).first()
        if named is None:
            raise Invalid(_("address_id was not found."), code="unknown_grid", field="address_id")
        return named
    if not told.address:
        raise Invalid(_("Say where: lat and long, address_string or address_id."), code="place_needed", field="lat")
    guess = suggest(text="", place=told.address, by=client.user, at=at).grid
    near: Grid | None = None if guess is None else rows.filter(code=guess.code).first()
    if near is not None and rules.can_report_there(near, streets, inside=True):
        return near
    nodes = [node.pk for node in scope_of(client.user).nodes]
    return rows.filter(pk__in=nodes or [street.pk for street in streets]).order_by("code")[0]


def keep_fetched(*, case: int, content: bytes, by: User, at: dt.datetime) -> None:
    """A picture that was fetched stands with its CASE like one that was sent; where it can't, the record says why."""
    file = io.BytesIO(content)
    try:
        add_photo(case=case, kind=PhotoKind.BEFORE, upload=file, by=by, at=at)
    except Refusal as refusal:
        note_missed(case=case, why=str(refusal), by=by, at=at)


@transaction.atomic
def note_missed(*, case: int, why: str, by: User, at: dt.datetime) -> None:
    """The picture that came with CASE as an address is not to be had."""
    slip: Slip = (
        Slip.objects.select_related("case__grid")
        .defer("case__search")
        .locked(Slip.objects.get(case=case, kind=SlipKind.REPORT))
    )
    record("integrations.open311_media_missed", slip, by=by, at=at, data={"case": slip.case.no, "why": why})
