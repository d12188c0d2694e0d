"""Taking a list of bound professional workers in, by their names: all or nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.records import Subject, record
from grids import rules
from grids.actions.bindings import BindRow, Standing, checked_rows, hold, insert, last_day, standing_of, tidy
from grids.actions.rows import FaultList, RowFault
from grids.actions.tree import tree_write
from grids.choices import PostKind
from grids.models import Grid, Post


@dataclass(frozen=True, slots=True)
class BindingLine:
    """One line of a list. PERSON is a user name or a full name, UNIT its name or one of its other names ('' for any)."""

    person: str
    unit: str
    grid_code: str
    matters: tuple[str, ...] = ()
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """How many lines were (or, in a dry run, would be) bound, and how many stand so already."""

    bound: int
    unchanged: int


def import_bindings(
    *, rows: Iterable[BindingLine], by: User, at: dt.datetime, faults: Iterable[RowFault] = (), dry_run: bool = False
) -> Bound:
    """Bind all of ROWS, or only check them. FAULTS are those found while reading the file. Raises BadRows with all of
    them. A line that stands already as it is said counts as unchanged."""
    lines, found = dict(enumerate(rows)), FaultList(faults)
    with tree_write(Grid, by):
        rules.can_import_bindings(by).insist()
        plan = hold(_resolved(lines, found, timezone.localdate(at)))
        standing = standing_of(plan.values())
        new = {index: row for index, row in plan.items() if not _stands(row, standing)}
        bindings = checked_rows(new, standing, found, by, at)
        found.insist_none()
        result = Bound(len(bindings), len(lines) - len(bindings))
        if not dry_run:
            insert(bindings, by, at)
            told = {"bound": result.bound, "unchanged": result.unchanged}
            record("bindings.imported", Subject("bindings.import", 0), by=by, at=at, data=told)
    return result


def _resolved(lines: dict[int, BindingLine], faults: FaultList, today: dt.date) -> dict[int, BindRow]:
    """The lines with the posts they mean; those that mean none or several are faults."""
    names = {line.person for line in lines.values()}
    posts = Post.objects.filter(
        Q(user__username__in=names) | Q(user__full_name__in=names), kind=PostKind.SPECIALIST_WORKER
    )
    by_name: dict[str, list[Post]] = {}
    for post in posts.select_related("user", "unit").order_by("-valid_from", "-pk"):
        for name in {post.user.username, post.user.full_name}:
            by_name.setdefault(name, []).append(post)
    found = {}
    for index, line in lines.items():
        begin = line.valid_from or today
        with faults.of(index):
            post = _meant(line, by_name.get(line.person, []), begin)
            found[index] = BindRow(post, line.grid_code, begin, line.matters, line.valid_to)
    return found


def _meant(line: BindingLine, posts: list[Post], begin: dt.date) -> Post:
    """The one of POSTS, all of them of that name, that LINE speaks of. Raises Invalid if there is none or several."""
    words = {"person": line.person, "unit": line.unit}
    fitting = [post for post in posts if post.unit and line.unit in ("", post.unit.name, *post.unit.aliases)]
    if not fitting:
        raise Invalid(_("“%(person)s” is no professional worker of “%(unit)s”.") % words, field="person")
    # An account's name is its own; a person's may be another's, too.
    exact = [post for post in fitting if post.user.username == line.person] or fitting
    if len({(post.user_id, post.unit_id) for post in exact}) > 1:
        message = _("Several professional workers are called “%(person)s”: write the user name, and the unit.")
        raise Invalid(message % words, field="person")
    return next((post for post in exact if post.holds(begin)), exact[0])


def _stands(row: BindRow, standing: Standing) -> bool:
    """Whether ROW says what is so already."""
    return any(
        (binding.valid_from, binding.matters, binding.valid_to)
        == (row.valid_from, tidy(row.matters), last_day(row, binding.grid))
        for binding in standing.get((row.post.pk, row.grid_code), ())
    )
