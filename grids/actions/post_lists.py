"""Taking a list of posts in: new ones are given, those that get a last day end. All or nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.records import Subject, record, record_many
from grids import rules
from grids.actions.posts import end_post, last_day, told
from grids.actions.rows import BATCH, FaultList, RowFault
from grids.actions.staffing import PostRow, check, post_of
from grids.actions.tree import tree_write
from grids.models import Grid, Post, Unit
from grids.queries import Scope, heavy, scope_of


@dataclass(frozen=True, slots=True)
class PostLine:
    """One line of a list. USER is a user name; NAME, where it is said, must be that person's full name; UNIT is a unit's
    name or one of its other names. Without VALID_FROM it begins today."""

    user: str
    kind: str
    grid_code: str = ""
    unit: str = ""
    name: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PostChange:
    """What a line changes: a post begins, or `ends` on its new last day."""

    ends: bool
    person: str
    kind: str
    place: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Posted:
    """How many posts were (or, in a dry run, would be) given and ended, how many stand so already, and which change."""

    given: int
    ended: int
    unchanged: int
    changes: tuple[PostChange, ...]


@dataclass
class _Known:
    """What the lines speak of, read at once: people, grids, units, and the posts that those people hold."""

    users: dict[str, User]
    grids: dict[str, Grid]
    units: dict[str, Unit]
    standing: dict[tuple[int, str, int | None, int | None], list[Post]] = field(default_factory=dict)

    def of(self, post: Post) -> list[Post]:
        """Posts of the same person and kind at the same place."""
        return self.standing.setdefault((post.user_id, post.kind, post.grid_id, post.unit_id), [])


def import_posts(
    *, rows: Iterable[PostLine], by: User, at: dt.datetime, faults: Iterable[RowFault] = (), dry_run: bool = False
) -> Posted:
    """Give and end what ROWS say, or only check them. FAULTS are those found while reading the file. Raises BadRows with
    all of them. A line that stands already as it is said counts as unchanged; what no line names stays."""
    lines, found = dict(enumerate(rows)), FaultList(faults)
    today = timezone.localdate(at)
    with tree_write(Grid, by):
        rules.can_import_posts(by).insist()
        known, scope = _known(lines.values()), scope_of(by, today)
        new: list[Post] = []
        ending: list[tuple[Post, dt.date]] = []
        for index, line in lines.items():
            with found.of(index):
                _take(line, known, by, scope, today, new, ending)
        found.insist_none()
        changes = [_change(post, post.valid_to, ends=False) for post in new]
        changes += [_change(post, valid_to, ends=True) for post, valid_to in ending]
        result = Posted(len(new), len(ending), len(lines) - len(new) - len(ending), tuple(changes))
        if not dry_run:
            _write(new, ending, result, by, at)
    return result


def _write(new: list[Post], ending: list[tuple[Post, dt.date]], result: Posted, by: User, at: dt.datetime) -> None:
    for post, valid_to in ending:
        end_post(post=post, valid_to=valid_to, by=by, at=at)
    made = Post.objects.bulk_create(new, batch_size=BATCH)
    record_many("posts.given", ((post, told(post)) for post in made), by=by, at=at)
    numbers = {"given": result.given, "ended": result.ended, "unchanged": result.unchanged}
    record("posts.imported", Subject("posts.import", 0), by=by, at=at, data=numbers)


def _known(lines: Iterable[PostLine]) -> _Known:
    lines = list(lines)
    people = User.objects.filter(username__in={line.user for line in lines})
    # Whoever gives one of them a post meanwhile waits (grids.actions.posts).
    users = {user.username: user for user in people.select_for_update(no_key=True).order_by("pk")}
    grids: dict[str, Grid] = {
        grid.code: grid
        for grid in Grid.objects.filter(code__in={line.grid_code for line in lines}).defer(*heavy(""))
    }  # fmt: skip
    units: dict[str, Unit] = {}
    for unit in Unit.objects.order_by("-pk") if any(line.unit for line in lines) else ():
        units |= dict.fromkeys([*unit.aliases, unit.name], unit)
    known = _Known(users, grids, units)
    for post in Post.objects.filter(user__in=people.values("pk")).for_list():
        known.of(post).append(post)
    return known


def _take(
    line: PostLine, known: _Known, by: User, scope: Scope, today: dt.date,
    new: list[Post], ending: list[tuple[Post, dt.date]],
) -> None:  # fmt: skip
    """Put what LINE changes into NEW or ENDING. Raises the refusal if it may not be."""
    row = _resolved(line, known, today)
    post = post_of(row, known.grids)
    post.valid_to = last_day(post.valid_to, post.grid)
    same = known.of(post) if post.grid or post.unit else []
    standing = next((other for other in same if other.valid_from == post.valid_from), None)
    if standing is None:
        check(row, known.grids, by, scope)
        if post.valid_to is not None and post.valid_to < post.valid_from:
            raise Invalid(_("A post can't end before it begins."), field="valid_to")
        if any(_overlap(post, other) for other in same):
            words = {"person": post.user}
            raise Conflict(_("%(person)s holds this post already.") % words, code="post_held", field="user")
        same.append(post)
        new.append(post)
        return
    rules.can_staff(by, scope, standing.grid, standing.unit).insist()
    if standing.pk is None or any(standing is other for other, _day in ending):
        raise Conflict(_("This post stands twice in the list."), field="user")
    if standing.valid_to != post.valid_to:
        rules.can_end_post_on(standing, post.valid_to or dt.date.max).insist()
        ending.append((standing, post.valid_to or dt.date.max))


def _resolved(line: PostLine, known: _Known, today: dt.date) -> PostRow:
    """LINE with the person and the unit it means. Raises Invalid where there is none."""
    user = known.users.get(line.user)
    if user is None:
        raise Invalid(_("There is no account “%(name)s”.") % {"name": line.user}, field="user")
    if line.name and line.name != user.full_name:
        words = {"user": line.user, "name": user.full_name}
        raise Invalid(_("The account “%(user)s” is %(name)s's.") % words, field="name")
    unit = known.units.get(line.unit)
    if line.unit and unit is None:
        raise Invalid(_("There is no unit “%(name)s”.") % {"name": line.unit}, field="unit")
    begin = line.valid_from or today
    return PostRow(user, line.kind, begin, grid_code=line.grid_code, unit=unit, valid_to=line.valid_to)


def _overlap(one: Post, other: Post) -> bool:
    """Whether both hold on one day."""
    return one.valid_from <= (other.valid_to or dt.date.max) and other.valid_from <= (one.valid_to or dt.date.max)


def _change(post: Post, valid_to: dt.date | None, *, ends: bool) -> PostChange:
    place = str(post.grid or post.unit)
    return PostChange(ends, str(post.user), post.kind, place, post.valid_from, valid_to)
