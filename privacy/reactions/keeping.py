"""Terms, holds and lifted limits for the rooms below; and what this room keeps about people itself."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from gridgov.core import keeping, looking
from gridgov.core.keeping import Going, Kind, Ways
from gridgov.core.looking import Look
from privacy.actions import forget_requests
from privacy.models import Hold, Lift, Term
from privacy.reports.found import copy_of_request, numbers_of_requests, requests_due


@keeping.terms.answers
def set_terms() -> dict[str, int]:
    return dict(Term.objects.values_list("kind", "days"))


@keeping.holds.answers
def held_back(what: str) -> set[int]:
    return set(Hold.objects.standing().filter(what=what).values_list("key", flat=True))


@looking.lifted.answers
def is_lifted(user: int, at: dt.datetime) -> bool:
    return Lift.objects.standing(at).filter(user=user).exists()


keeping.keeps(
    Kind(
        "privacy.request",
        _("requests about personal data, and who made them"),
        purpose=_("to answer them, and to prove that they were answered"),
        basis=_("statutory duty (PIPL 13 I 3, 50)"),
        where=_("name, phone and words sealed, with a key outside the database"),
        seen_by=_("the street office that answers"),
        term=keeping.Term(
            3 * 365, _("after the answer"), _("the time within which an answer is disputed (Civil Code 188)")
        ),
        public=True,
        ways=Ways(
            label=lambda row: row.no,
            copy=copy_of_request,
            page="privacy_request",
            unerasable=_("Proof that the request was answered; it goes by itself."),
        ),
        going=Going("privacy.forget", forget_requests, requests_due, "forget_at"),
    )
)
looking.looks(Look("privacy.searched", counted=True, named=numbers_of_requests))
looking.looks(Look("privacy.copied", named=numbers_of_requests))
