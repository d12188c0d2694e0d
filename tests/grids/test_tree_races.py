"""Six writers at once, with real transactions and real threads, must leave the tree whole."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection

from accounts.choices import Role
from accounts.models import User
from gridgov.core.errors import Conflict
from grids import actions, reports
from grids.choices import GridKind, MicroType
from grids.models import Grid, PartyOrg
from tests.factories import LONG_AGO, MONDAY, make_street, make_user

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6


def at_once(*work: Callable[[], None]) -> None:
    """Run all of WORK in threads that start together; raise the first error."""
    start, errors = threading.Barrier(len(work)), []

    def run(one: Callable[[], None]) -> None:
        try:
            start.wait()
            one()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_inserting_and_moving_at_once():
    place = make_street(totals=3, comprehensives=3, micros=2)
    admin = make_user(Role.SYSTEM_ADMIN)

    def writer(seed: int) -> Callable[[], None]:
        chance = random.Random(seed)

        def work() -> None:
            by = User.objects.get(pk=admin.pk)
            for step in range(8):
                if step % 2:
                    grid, parent = chance.choice(place.comprehensives), chance.choice(place.totals)
                    with suppress(Conflict):  # it stands there already
                        actions.move_grid(grid=grid, parent=parent, by=by, at=MONDAY)
                else:
                    actions.found_grid(
                        parent=chance.choice(place.comprehensives), kind=GridKind.MICRO,
                        micro_type=MicroType.RESIDENT, name=f"{seed}-{step}", by=by, at=MONDAY,
                    )  # fmt: skip

        return work

    at_once(*(writer(seed) for seed in range(WRITERS)))
    assert Grid.objects.count() == 1 + 3 + 9 + 18 + WRITERS * 4
    assert reports.tree_faults() == []


def test_founding_streets_at_once():
    admin = make_user(Role.SYSTEM_ADMIN)

    def found(number: int) -> Callable[[], None]:
        return lambda: actions.found_grid(
            parent=None, kind=GridKind.STREET, code=f"99010100{number}", name=f"街{number}",
            by=User.objects.get(pk=admin.pk), at=MONDAY,
        )  # fmt: skip

    at_once(*(found(number) for number in range(1, WRITERS + 1)))
    assert sorted(Grid.objects.values_list("tree_id", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert reports.tree_faults() == []


def test_the_same_code_is_given_once():
    place = make_street()
    admin, refused = make_user(Role.SYSTEM_ADMIN), []

    def found() -> None:
        try:
            actions.found_grid(
                parent=place.comprehensives[0], kind=GridKind.MICRO, micro_type=MicroType.RESIDENT, name="新",
                code="990101001001001009", by=User.objects.get(pk=admin.pk), at=MONDAY,
            )  # fmt: skip
        except Conflict as refusal:
            refused.append(refusal)

    at_once(*([found] * WRITERS))
    assert (Grid.objects.filter(name="新").count(), len(refused)) == (1, WRITERS - 1)


def test_a_post_is_given_once():
    place = make_street()
    worker, security, refused = make_user(Role.WORKER), make_user(Role.SECURITY_ADMIN), []

    def give() -> None:
        try:
            actions.give_post(
                user=worker, kind="grid_worker_ft", grid=place.micros[0],
                by=User.objects.get(pk=security.pk), at=MONDAY,
            )  # fmt: skip
        except Conflict as refusal:
            refused.append(refusal)

    at_once(*([give] * WRITERS))
    assert (worker.posts.count(), len(refused)) == (1, WRITERS - 1)


def test_no_child_is_founded_under_a_grid_that_retires():
    place = make_street(micros=0)
    parent, admin, outcome = place.comprehensives[0], make_user(Role.SYSTEM_ADMIN), []
    yesterday = MONDAY.date().fromordinal(MONDAY.date().toordinal() - 1)

    def attempt(verb: Callable[..., object], **given: object) -> Callable[[], None]:
        def work() -> None:
            try:
                verb(by=User.objects.get(pk=admin.pk), at=MONDAY, **given)
            except Conflict:
                outcome.append(verb.__name__)

        return work

    at_once(
        attempt(actions.retire_grid, grid=parent, valid_to=yesterday),
        attempt(
            actions.found_grid, parent=parent, kind=GridKind.MICRO, micro_type=MicroType.RESIDENT, name="新",
        ),
    )  # fmt: skip
    assert len(outcome) == 1


def test_the_party_tree_has_its_own_lock():
    place = make_street()
    admin = make_user(Role.SYSTEM_ADMIN)
    say = {"by": admin, "at": MONDAY, "valid_from": LONG_AGO}
    root = actions.found_party_org(parent=None, street=place.street, kind="work_committee", name="工委", **say)
    parents = [
        actions.found_party_org(parent=root, kind="community_committee", name=f"党委{i}", **say) for i in range(3)
    ]

    def writer(seed: int) -> Callable[[], None]:
        chance = random.Random(seed)

        def work() -> None:
            by = User.objects.get(pk=admin.pk)
            for step in range(5):
                actions.found_party_org(
                    parent=chance.choice(parents), kind="branch", name=f"{seed}-{step}", by=by, at=MONDAY
                )

        return work

    at_once(*(writer(seed) for seed in range(WRITERS)))
    assert PartyOrg.objects.count() == 4 + WRITERS * 5
    assert reports.tree_faults() == []
