"""The demo street as `manage.py load_demo` leaves it: whole, staffed, covered, with cases in every state and live clocks."""

import datetime as dt
import re
import stat
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Sum
from django.test import override_settings

from accounts.choices import Role
from accounts.models import User
from cases.actions import Report, report_case
from cases.actions.clocks import next_moment
from cases.choices import OPEN_STATES, RED_STAGE, Ask, CardLevel, CaseState, Clock, Entry, Light
from cases.models import (
    Application,
    Card,
    Case,
    Category,
    Deadline,
    LedgerEntry,
    Order,
    SuggestionModel,
    Supervision,
    Team,
)
from cases.reports import advise, light, similar_to
from gridgov.core.calendar import CHINA
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
from gridgov.demo import keys
from gridgov.demo.disputes import COURSES
from gridgov.demo.mediation import DIRECTOR
from gridgov.demo.parts import POST_LEVELS
from gridgov.demo.plan import demo
from gridgov.demo.samples import samples
from grids.choices import GridKind, MicroType, PartyKind, PostKind, StaffGap
from grids.models import Binding, Grid, PartyOrg, Post, Unit
from grids.reports import coverage, disclosure, party_lines, specialists_for, staffing, tree_faults
from mediation.choices.files import FileState, Outcome
from mediation.models import Mediation, Session

pytestmark = pytest.mark.django_db

STREET = "990101001"
CASES = 400


class Loaded:
    """What one run of the command said and left in its data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = run(folder, cases=CASES)
        self.table = (folder / keys.FILE).read_text()
        rows = [re.split(r" {2,}", line) for line in self.table.splitlines()[1:]]
        self.passwords = {username: password for _role, username, password, _look in rows}


def run(folder: Path, **options: Any) -> str:
    out = StringIO()
    with override_settings(DATA_DIR=folder):
        call_command("load_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Loaded]:
    """The street, loaded once for all tests here and never committed, so that nothing is left behind."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Loaded(tmp_path_factory.mktemp("data"))
        transaction.set_rollback(True)


@pytest.fixture
def street(loaded: Loaded) -> Grid:
    return Grid.objects.get(code=STREET)


def today() -> dt.date:
    return dt.datetime.now(CHINA).date()


def sample(title: str) -> Case:
    """The sample case whose title begins so."""
    titles = {s.number: s.title for s in samples(demo())}
    return Case.objects.filter(title=titles[title]).order_by("-pk").first()  # type: ignore[return-value]


# --- the map and its people ------------------------------------------------------------------------------------------


def test_the_street_has_the_numbers_of_the_sources(street: Grid) -> None:
    below = Grid.objects.under(street)
    assert Counter(below.values_list("kind", "micro_type")) == {
        (GridKind.STREET, ""): 1,
        (GridKind.TOTAL, ""): 6,
        (GridKind.COMPREHENSIVE, ""): 39,
        (GridKind.MICRO, MicroType.RESIDENT): 267,
        (GridKind.MICRO, MicroType.MERCHANT): 47,
    }
    assert Grid.objects.count() == 360 + 9  # and the town with its village
    assert tree_faults() == []


def test_everybody_can_read_who_serves_a_grid(street: Grid) -> None:
    found = disclosure(f"{street.code}001001001", today())
    assert found is not None and found.page.is_open
    assert [one.kind for one in found.servers] == ["grid_worker_ft", "grid_lead", "root_grid_lead"]
    assert [one.phone.startswith("100") for one in found.servers] == [True, False, False]
    ((worker,), areas) = (found.duties, found.duties[0].areas)
    assert (worker.kind, sum(len(texts) for _area, texts in areas), len(areas)) == ("grid_worker_ft", 10, 3)


def test_people_hold_their_posts(street: Grid) -> None:
    posts = Post.objects.filter(grid__in=Grid.objects.under(street))
    people = dict(posts.values_list("kind").annotate(Count("user", distinct=True)))
    assert people == {
        PostKind.STREET_STAFF: 5,
        PostKind.ROOT_GRID_LEAD: 6,
        PostKind.GRID_LEAD: 39,
        PostKind.GRID_WORKER_FT: 27,
        PostKind.MICRO_GRID_WORKER: 314,
    }
    assert [line.code for line in staffing(street, today()) if StaffGap.VACANT in line.gaps] == []
    assert not Unit.objects.exclude(posts__kind=PostKind.UNIT_STAFF).exists()


def test_professional_workers_answer_for_every_community(street: Grid) -> None:
    posts = Post.objects.filter(kind=PostKind.SPECIALIST_WORKER)
    assert (posts.count(), posts.values("unit").distinct().count(), Binding.objects.count()) == (66, 21, 147)
    micro = Grid.objects.get(code=f"{STREET}001001001")
    found = specialists_for(micro, today(), "0501")
    assert len(found) == 21
    assert (found[0].unit_name, found[0].name, found[0].grid_code) == (
        "示例区供水公司", User.objects.get(username="specialist1").full_name, f"{STREET}001000",
    )  # fmt: skip
    assert Record.objects.filter(verb="bindings.bound").count() == 147


def test_every_grid_is_covered_by_those_below_it(loaded: Loaded) -> None:
    upper = Grid.objects.exclude(kind=GridKind.MICRO)
    assert [grid.code for grid in upper if not coverage(grid, today()).whole] == []


def test_every_micro_grid_has_its_party_group(street: Grid) -> None:
    kinds = Counter(PartyOrg.objects.filter(street=street).values_list("kind", flat=True))
    assert kinds == {
        PartyKind.WORK_COMMITTEE: 1, PartyKind.COMMUNITY_COMMITTEE: 6, PartyKind.BRANCH: 39, PartyKind.GROUP: 99,
    }  # fmt: skip
    lines = [line for line in party_lines(street, today()) if line.needed == PartyKind.GROUP]
    assert (len(lines), [line.code for line in lines if not line.orgs]) == (314, [])


def test_every_usual_unit_of_the_matter_list_is_known_by_its_name(loaded: Loaded) -> None:
    wanted = set(Category.objects.filter(level=2).values_list("lead_unit", flat=True)) - set(POST_LEVELS)
    known = {alias for unit in Unit.objects.all() for alias in unit.aliases}
    assert wanted <= known


# --- the cases -------------------------------------------------------------------------------------------------------


def test_cases_are_keyed_in_the_order_they_came_in(loaded: Loaded) -> None:
    moments = list(Case.objects.order_by("pk").values_list("reported_at", flat=True))
    assert len(moments) == CASES + 45 + 3  # the samples, and what the hotline sent
    assert moments == sorted(moments)
    days = {
        (no[:8], at.astimezone(CHINA).strftime("%Y%m%d")) for no, at in Case.objects.values_list("no", "reported_at")
    }
    assert all(no == day for no, day in days)


def test_the_samples_stand_in_every_state(loaded: Loaded) -> None:
    since = dt.datetime.now(CHINA) - dt.timedelta(days=8)
    fresh = Case.objects.filter(reported_at__gte=since, state__in=OPEN_STATES)
    assert set(fresh.values_list("state", flat=True)) == OPEN_STATES
    raised = sample("DEMO-0006")
    assert (raised.tier, raised.state, raised.reported_by.role) == ("B", CaseState.HANDLING, Role.WORKER)
    assert raised.due_at - raised.started_at == dt.timedelta(days=3)  # type: ignore[operator]
    overdue = sample("DEMO-0034")
    assert (overdue.card, overdue.state, light(overdue, dt.datetime.now(CHINA))) == (
        CardLevel.YELLOW, CaseState.HANDLING, Light.LATE,
    )  # fmt: skip
    reworked, reopened = sample("DEMO-0045"), sample("DEMO-0031")
    assert (reworked.state, reworked.rework_count) == (CaseState.HANDLING, 1)
    assert (reopened.state, reopened.round) == (CaseState.ACCEPTED, 2)
    twin = sample("DEMO-0002")
    assert (twin.state, twin.leading, twin.merges.get().state_before) == ("merged", sample("DEMO-0001"), "submitted")
    back = sample("DEMO-0047")
    assert (back.state, back.lead_order, back.orders.get().state) == (CaseState.ACCEPTED, None, "returned")


def test_open_cases_have_live_clocks_and_closed_ones_none(loaded: Loaded) -> None:
    running = Deadline.objects.running()
    assert not running.exclude(case__state__in=OPEN_STATES).exists()
    waiting = Case.objects.filter(state__in=OPEN_STATES - {CaseState.VERIFIED})
    assert not waiting.exclude(pk__in=running.values("case")).exists()
    jobs = dict(Job.objects.filter(kind="cases.deadline").values_list("key", "due_at"))
    assert jobs == {str(row.pk): when for row in running if (when := next_moment(row)) is not None}
    assert len(jobs) > 20


def test_something_stands_open_between_people(loaded: Loaded) -> None:
    """An application that waits, a case that stands still, one parked with a team, a whistle answered by one of two."""
    assert Application.objects.pending().get().kind == Ask.EXTENSION
    assert sorted(Case.objects.exclude(hold="").values_list("hold", flat=True)) == ["parked", "suspended"]
    assert Team.objects.open().get().case.hold == "parked"
    called = Order.objects.filter(whistled=True).values_list("part", "state")
    assert sorted(called) == [("assist", "sent"), ("assist", "signed")]


def test_what_was_late_has_its_breach_its_card_and_its_ledger(loaded: Loaded) -> None:
    late = Deadline.objects.filter(clock=Clock.CASE, breached_at__isnull=False)
    assert late.count() > 20
    assert not late.exclude(breached_at=F("due_at")).exists()
    # What came back has its card for that alone.
    again = set(Deadline.objects.filter(clock=Clock.CASE, round__gt=1).values_list("case", "round"))
    assert set(late.values_list("case", "round")) | again == set(Card.objects.values_list("case", "round"))
    breaches = LedgerEntry.objects.filter(entry=Entry.BREACH).values_list("deadline", flat=True)
    assert sorted(breaches) == sorted(Deadline.objects.filter(breached_at__isnull=False).values_list("pk", flat=True))
    now = dt.datetime.now(CHINA)
    yellow = Case.objects.filter(card=CardLevel.YELLOW, breached_at__isnull=False)
    assert {light(case, now) for case in yellow} == {Light.LATE}


def test_what_was_late_for_days_has_its_red_card_and_its_supervision(loaded: Loaded) -> None:
    red = Deadline.objects.filter(clock=Clock.CASE, told=RED_STAGE)
    assert red.exists()
    cards = Card.objects.filter(level=CardLevel.RED)
    assert sorted(cards.values_list("case", "round", "at")) == sorted(red.values_list("case", "round", "red_at"))
    # One was sent by hand.
    supervised = Supervision.objects.filter(by__role="system").values_list("case", "round")
    assert sorted(supervised) == sorted(cards.values_list("case", "round"))
    # What was closed waits for no answer, and no clock runs for it.
    assert not Supervision.objects.open().filter(case__state=CaseState.CLOSED).exists()
    waiting = Deadline.objects.running().filter(clock=Clock.REPLY).values_list("supervision", flat=True)
    assert sorted(waiting) == sorted(Supervision.objects.open().values_list("pk", flat=True))


def test_the_ledger_adds_up(loaded: Loaded) -> None:
    rows = Deadline.objects.annotate(moved=Sum("ledger__moved_seconds"))
    assert [d.pk for d in rows if d.original_due_at + dt.timedelta(seconds=d.moved) != d.due_at] == []


def test_the_records_hold(loaded: Loaded) -> None:
    proof = verify()
    assert proof.faults == []
    assert proof.rows == Record.objects.count()
    firsts = Record.objects.filter(subject_type="cases.case", seq=1).values_list("verb", flat=True)
    assert Counter(firsts) == {"cases.reported": CASES + 45 + 3}


def test_life_goes_on_after_the_load(loaded: Loaded) -> None:
    """The sequences stand behind what was written: a new case takes the next key, and so do its rows."""
    last = Case.objects.order_by("-pk").first()
    assert last is not None
    worker = User.objects.get(username="worker01")
    micro = Grid.objects.filter(posts__user=worker).first()
    assert micro is not None
    report = Report(category="0602", text="楼道堆物", grid=micro.code, place="1号楼")
    case = report_case(report=report, by=worker, at=dt.datetime.now(CHINA))
    assert (case.pk, case.state) == (last.pk + 1, CaseState.HANDLING)
    assert Order.objects.filter(case=case).count() == 1
    case.refresh_from_db()
    assert int(case.no[8:]) > int(last.no[8:])


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_table_of_accounts_is_private_and_true(loaded: Loaded) -> None:
    path = loaded.folder / keys.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(loaded.passwords) == [key.username for key in keys.KEYS]
    for username, password in loaded.passwords.items():
        user = User.objects.get(username=username)
        assert user.is_active
        assert user.check_password(password)
    others = User.objects.exclude(username__in=loaded.passwords)
    assert not any(user.has_usable_password() for user in others)


def test_no_password_is_printed(loaded: Loaded) -> None:
    secrets = loaded.passwords.values()
    assert all(len(secret) == keys.LENGTH for secret in secrets)
    assert not any(secret in loaded.said for secret in secrets)
    assert str(loaded.folder / keys.FILE) in loaded.said
    assert "网格 369/369" in loaded.said
    stored = "".join(str(row) for row in Record.objects.values_list("data", flat=True))
    assert not any(secret in stored for secret in secrets)


def test_disputes_are_mediated_in_every_state_and_nobody_is_in_two_places(street: Grid) -> None:
    assert Mediation.objects.count() == len(COURSES)
    assert set(Mediation.objects.values_list("state", flat=True)) == set(FileState.values)
    assert set(Mediation.objects.values_list("outcome", flat=True)) == set(Outcome.values) - {Outcome.TERMINATED}
    director = User.objects.get(username=DIRECTOR)
    assert Mediation.objects.visible_to(director).count() > 10
    for session in Session.objects.taking_place():
        beside = Session.objects.overlapping(session.starts_at, session.ends_at).exclude(pk=session.pk)
        assert not beside.filter(room=session.room).exists()
        assert not beside.filter(mediators__in=session.mediators.all()).exists()


def test_a_newcomer_gets_proposals_at_once(street: Grid) -> None:
    """The demo has learned from its own cases: category, unit and grid of a report, and what is like it."""
    row, at = SuggestionModel.objects.get(), dt.datetime.now(CHINA)
    assert row.cases == Case.objects.filter(accepted_at__isnull=False).count() > 300
    by = User.objects.filter(role=Role.STREET, posts__grid=street).earliest("pk")
    advice = advise(text="一进单元门就闻到一股煤气味", place="桃园新村7号楼", by=by, at=at)
    guess, grid = advice.suggestion.categories[0], advice.suggestion.grid
    assert (guess.code, guess.urgency, row.trained_at) == ("0605", "emergency", advice.suggestion.trained_at)
    assert grid is not None and grid.code.startswith("990101001002002")
    steps = ("category", "street", "total", "comprehensive", "grid")
    second = Case.objects.select_related(*steps).get(pk=sample("DEMO-0002").pk)
    assert similar_to(second, by=by, at=at)[0].pk == sample("DEMO-0001").pk


def test_a_second_time_it_does_nothing(loaded: Loaded) -> None:
    before, table = Record.objects.count(), (loaded.folder / keys.FILE).read_text()
    assert "不装入" in run(loaded.folder, if_empty=True)
    with pytest.raises(CommandError, match="empty"):
        run(loaded.folder)
    assert Record.objects.count() == before
    assert (loaded.folder / keys.FILE).read_text() == table
