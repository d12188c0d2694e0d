"""Scans and photos of papers come into a file, and are struck out with a reason; nothing is ever taken away."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import User
from mediation.actions.looking import look_at
from mediation.actions.scans import drop, keep, kept_between, read_scan
from mediation.actions.taking import party_of, take, write_down
from mediation.choices.deeds import PAPER_BYTES, WORDS_CHARS
from mediation.choices.files import NAME_CHARS
from mediation.models import Mediation, Paper, Party, Signature
from mediation.rules.papers import can_add_paper, can_strike_paper

UNNAMED_KEPT, UNNAMED_LEFT = dt.timedelta(days=1), dt.timedelta(days=7)


def keep_picture(picture: bytes, of: str) -> str:
    """Check what was drawn or scanned of OF ("signature", "seal" …) and keep it; its name under MEDIA_ROOT. Raises Invalid."""
    return keep(read_scan(picture))


@transaction.atomic
def add_paper(
    *,
    mediation: Mediation | int,
    kind: str,
    title: str,
    file: Any,
    party: Party | int | None = None,
    by: User,
    at: dt.datetime,
) -> Paper:
    """Put FILE (open for reading: a photo, or a PDF of scans) into the volume, as a paper of KIND; of a PARTY where it is
    somebody's. Raises Invalid, Conflict for a volume that is filed or full."""
    held = take(mediation, by, "paper")
    can_add_paper(kind, title, held.papers.count()).insist()
    whose = None if party is None else party_of(held, party)
    scan = read_scan(file.read(PAPER_BYTES + 1))
    paper = Paper.objects.create(
        mediation=held, kind=kind, title=title.strip()[:NAME_CHARS], party=whose, file=keep(scan), mime=scan.mime, pages=scan.pages,
        bytes=len(scan.content), sha256=scan.sha256, by=by, at=at,
    )  # fmt: skip
    held.change(version=held.version + 1)
    write_down(
        "mediation.paper_added", held, by=by, at=at, paper=paper.pk, kind=kind, pages=scan.pages, sha256=scan.sha256
    )
    return paper


@transaction.atomic
def strike_paper(*, paper: Paper | int, reason: str, by: User, at: dt.datetime) -> Paper:
    """Strike PAPER out: it is no part of the volume any more, and stays to be looked at with its reason."""
    row = Paper.objects.visible_to(by).get(pk=paper if isinstance(paper, int) else paper.pk)
    held = take(row.mediation_id, by, "paper")
    row = Paper.objects.locked(row)
    can_strike_paper(row, reason).insist()
    row.change(struck_at=at, struck_reason=reason.strip()[:WORDS_CHARS])
    held.change(version=held.version + 1)
    write_down("mediation.paper_struck", held, by=by, at=at, paper=row.pk)
    return row


def drop_unnamed(*, at: dt.datetime) -> int:
    """Delete files that no row names: whoever wrote them was cut off before the commit. How many. What was written today may
    still get its row; what lies longer than a week is left alone, for a database that was restored knows less than the disk."""
    names = set(kept_between(at - UNNAMED_LEFT, at - UNNAMED_KEPT))
    for model in (Paper, Signature):
        names -= set(model.objects.filter(file__in=names).values_list("file", flat=True))
    for name in names:
        drop(name)
    return len(names)


def take_paper(*, paper: int, by: User, at: dt.datetime) -> Paper:
    """Hand PAPER out, and note the look. Raises Paper.DoesNotExist where BY doesn't read its file."""
    row = Paper.objects.visible_to(by).for_list().get(pk=paper)
    look_at(mediation=row.mediation, what="paper", by=by, at=at)
    return row


def take_signature(*, signature: int, by: User, at: dt.datetime) -> Signature:
    """Hand out what was drawn, and note the look. Raises Signature.DoesNotExist, also where nothing was drawn."""
    row = Signature.objects.visible_to(by).exclude(file="").for_list().get(pk=signature)
    look_at(mediation=row.mediation, what="signature", by=by, at=at)
    return row
