"""Publishing what came of a case, and taking it back."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.taking import take, write_down
from cases.choices import CaseState
from cases.models import Case, Publication, ReleasedPhoto
from cases.reports.published import people_of, usual_title
from cases.rules.publishing import can_publish, can_unpublish, check_words, fit_for_everybody
from gridgov.core.errors import Invalid
from gridgov.core.personal import traces
from grids.models import PublicPage
from grids.queries import heavy

# Of one street in one run.
MOST_AT_ONCE = 500
# Whoever begins to let results be published lets those of the last weeks be, and not those of years.
LATELY = dt.timedelta(days=30)


@transaction.atomic
def publish_case(
    *, case: Case | int, title: str, text: str, by: User, at: dt.datetime, photos: Sequence[int] = (),
    looked: bool = False,
) -> Publication:  # fmt: skip
    """Let everybody read TEXT under TITLE, with those of the case's PHOTOS that are named, as they look now.

    What may tell whom it is about is refused, or, where it may be harmless, asked about: LOOKED says that somebody has.
    """
    case = take(case, by, "publish")
    can_publish(by, case).insist()
    title, text = title.strip(), text.strip()
    check_words(title, text).insist()
    fit_for_everybody(traces(f"{title}\n{text}", people_of(case)), looked).insist()
    values = {
        "round": case.round, "title": title, "text": text, "closed_at": case.closed_at, "by": by, "at": at,
        "withdrawn_by": None, "withdrawn_at": None,
    }  # fmt: skip
    chosen = case.photos.in_bulk(photos)
    if len(chosen) != len(set(photos)):
        raise Invalid(_("These photos are not of this case."), field="photos")
    made, _new = Publication.objects.update_or_create(case=case, defaults=values)
    made.photos.all().delete()
    ReleasedPhoto.objects.bulk_create(
        ReleasedPhoto(publication=made, photo=photo, stamp=photo.stamp) for photo in chosen.values()
    )
    changes = case.move("publish")
    write_down("cases.published", case, changes, by=by, at=at, title=title, photos=sorted(chosen))
    return made


@transaction.atomic
def unpublish_case(*, case: Case | int, reason: str, by: User, at: dt.datetime) -> Publication:
    """Take back what was published of a case."""
    case = take(case, by, "unpublish")
    can_unpublish(by, case).insist()
    if not reason.strip():
        raise Invalid(_("Say why it is taken back."), field="reason")
    made: Publication = case.publication
    made.change(withdrawn_at=at, withdrawn_by=by)
    changes = case.move("unpublish")
    write_down("cases.unpublished", case, changes, by=by, at=at, note=reason.strip())
    return made


def publish_due(*, by: User, at: dt.datetime) -> int:
    """Publish what the streets let be published by itself: closed so long ago and not much longer, of a public category, with
    a reply in which nothing tells whom it is about, and never published or taken back before. How many."""
    done = 0
    for page in PublicPage.objects.filter(is_open=True, results_after__isnull=False):
        until = at - dt.timedelta(days=page.results_after or 0)
        rows = Case.objects.filter(
            street=page.street_id,
            state=CaseState.CLOSED,
            closed_at__lte=until,
            closed_at__gt=until - LATELY,
            category__public=True,
            publication=None,
        )
        rows = rows.exclude(reply="").select_related("category", "grid", "comprehensive", "total")
        rows = rows.defer("search", *heavy("grid", "comprehensive", "total"))
        for case in rows.order_by("-closed_at")[:MOST_AT_ONCE]:
            title = usual_title(case)
            if not traces(f"{title}\n{case.reply}", people_of(case)):
                publish_case(case=case.pk, title=title, text=case.reply, by=by, at=at)
                done += 1
    return done
