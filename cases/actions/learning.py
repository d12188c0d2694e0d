"""What the office's own cases teach the suggestions."""

import datetime as dt

from django.db import transaction
from django.db.models.functions import Length

from accounts.models import User
from cases.choices import CaseState, OrderState, Part
from cases.models import Case, Category, Order, SuggestionModel
from cases.reports.ground import Ground, Survey
from cases.reports.learned import forget, pack
from cases.reports.learner import Examples, Matter, fit, shares
from cases.reports.wording import PERSON, Names
from gridgov.core.records import record
from grids.choices import GridKind
from grids.models import Grid

# The newest cases tell best what is meant today; a minute's work at most.
NEWEST = 30_000
HELD = 0.1
KEPT_ROWS = 3
# Cases whose category somebody had reason to change back, or that were never theirs.
UNSURE = (CaseState.REJECTED, CaseState.MERGED, CaseState.VOIDED)


@transaction.atomic
def learn_suggestions(*, by: User, at: dt.datetime) -> SuggestionModel | None:
    """Learn categories, places and units from the newest accepted cases of the whole deployment; None where there is
    no case to learn from. The share of right proposals on the newest tenth, which the measuring round has not seen,
    stands in `measures`."""
    matters = [
        Matter(code, name, tuple(keywords))
        for code, name, keywords in Category.objects.filter(level=2)
        .order_by("code")
        .values_list("code", "name", "keywords")
    ]
    ground = _survey()
    examples = _examples(ground)
    if not examples.rows:
        return None
    held = int(len(examples.rows) * HELD)
    measures = shares(fit(matters, examples, skip=held), examples, held) if held else {"held": 0}
    row = SuggestionModel.objects.create(
        trained_at=at, cases=len(examples.rows), measures=measures, data=pack(fit(matters, examples), ground)
    )
    SuggestionModel.objects.exclude(
        pk__in=list(SuggestionModel.objects.values_list("pk", flat=True)[:KEPT_ROWS])
    ).delete()
    record("cases.suggestions_learned", row, by=by, at=at, data={"cases": row.cases, **measures})
    forget()
    return row


def _survey() -> Ground:
    """Names of places, and where orders were settled."""
    survey = Survey()
    grids = Grid.objects.filter(valid_to=None).exclude(kind=GridKind.STREET).order_by(Length("code"), "pk")
    for pk, name in grids.values_list("pk", "name")[:NEWEST]:
        survey.grid(pk, name)
    cases = Case.objects.filter(accepted_at__isnull=False).exclude(place="").order_by("-pk")
    for place, *path in cases.values_list("place", "total", "comprehensive", "grid")[:NEWEST]:
        survey.case(place, (path[0], path[1], path[2]))
    orders = Order.objects.filter(part=Part.LEAD, state=OrderState.DONE).order_by("-pk")
    for code, total, street, unit in orders.values_list("case__category__code", "case__total", "case__street", "unit")[
        :NEWEST
    ]:
        survey.order(code, (total, street), unit)
    return survey.ground()


def _examples(ground: Ground) -> Examples:
    """The newest cases whose category is final, as words: without the names of staff and of whoever reported it."""
    staff = Names(name for name in User.objects.values_list("full_name", flat=True) if PERSON.fullmatch(name))
    examples = Examples()
    rows = Case.objects.filter(accepted_at__isnull=False).exclude(state__in=UNSURE).order_by("-pk")
    columns = ("category__code", "text", "grid", "reporter__name")
    for code, text, grid, reporter in rows.values_list(*columns)[:NEWEST].iterator(chunk_size=2000):
        anonymous = text.replace(reporter, " ") if reporter and PERSON.fullmatch(reporter) else text
        examples.add(code, anonymous, grid, without=staff, places=ground.names)
    return examples
