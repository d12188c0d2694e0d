"""Squads: where they stand, who joins, and what each lacks."""

from typing import Any

import pytest

from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids.models import Grid
from tests.factories import MONDAY, Cast, make_user
from tests.volunteers.people import make_volunteer
from volunteers import actions
from volunteers.choices.people import SquadGap
from volunteers.models import Member, Squad, Volunteer
from volunteers.reports.squads import gaps_of, squad_board, total_of

pytestmark = pytest.mark.django_db


def form(cast: Cast, **given: Any) -> Squad:
    values = {
        "grid": cast.place.comprehensives[0], "kind": "one_plus_five", "name": "红枫队", "lead": cast.worker,
        "micros": [cast.place.micros[0]], "by": cast.lead, **given,
    }  # fmt: skip
    return actions.form_squad(**values, at=MONDAY)


def counted(squad: Squad) -> Squad:
    return Squad.objects.for_list().get(pk=squad.pk)


def volunteers(cast: Cast, count: int, **values: Any) -> list[Volunteer]:
    return [make_volunteer(cast.place.micros[0], **values) for _ in range(count)]


def test_a_squad_of_one_and_five_is_short_whole_and_over(cast: Cast) -> None:
    squad = form(cast)
    people = volunteers(cast, 6)
    seen = []
    for few in (people[:4], people[4:5], people[5:]):
        actions.add_members(squad=squad, volunteers=[one.pk for one in few], by=cast.lead, at=MONDAY)
        seen.append(gaps_of(counted(squad)))
    assert seen == [[SquadGap.SHORT], [], [SquadGap.OVER]]
    # Who rests is in it and not counted; who left is in it no more.
    actions.pause_volunteer(volunteer=people[0], by=cast.lead, at=MONDAY)
    assert (gaps_of(counted(squad)), squad.members.current().count()) == ([], 6)
    actions.leave_volunteering(volunteer=people[1], by=cast.lead, at=MONDAY)
    assert (gaps_of(counted(squad)), squad.members.current().count()) == ([SquadGap.SHORT], 5)
    member = Member.objects.get(volunteer=people[2])
    with pytest.raises(Member.DoesNotExist):
        actions.remove_member(member=member, by=cast.outsider, at=MONDAY)
    actions.remove_member(member=member, by=people[2].user, at=MONDAY)
    with pytest.raises(Conflict):
        actions.remove_member(member=member, by=cast.lead, at=MONDAY)
    assert actions.end_squad(squad=squad, by=cast.street, at=MONDAY).ended_on == MONDAY.date()
    assert (gaps_of(counted(squad)), squad.members.current().count()) == ([], 0)
    with pytest.raises(Conflict, match="解散"):
        actions.add_members(squad=squad, volunteers=[people[3].pk], by=cast.lead, at=MONDAY)
    verbs = Record.objects.filter(subject_type="volunteers.squad").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == [
        "volunteers.squad_formed", *["volunteers.members_added"] * 3, "volunteers.member_removed",
        "volunteers.squad_ended",
    ]  # fmt: skip


def test_a_squad_stands_where_its_kind_may(cast: Cast) -> None:
    elsewhere = cast.outsider
    for given, field in (
        ({"kind": "army"}, "kind"), ({"name": "红"}, "name"), ({"grid": cast.place.street}, "grid"), ({"micros": []}, "micros"),
        ({"micros": [cast.place.comprehensives[0]]}, "micros"), ({"lead": elsewhere}, "lead"),
        ({"lead": cast.unit_staff}, "lead"), ({"kind": "grid_team", "grid": cast.place.micros[0]}, "grid"),
        ({"grid": cast.place.totals[0]}, "grid"),  # above the lead's own post
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            form(cast, **given)
        assert refusal.value.field == field, given
    with pytest.raises(Forbidden):
        form(cast, by=cast.worker)
    assert not Squad.objects.exists()
    form(cast)
    with pytest.raises(Conflict, match="同名"):
        form(cast)
    # On a micro-grid itself there is nothing to choose, and a community's codes differ from its grids'.
    form(cast, grid=cast.place.micros[0], micros=[])
    assert form(cast, grid=cast.place.totals[0], by=cast.total_lead).micros.count() == 1
    assert Squad.objects.count() == 3


def test_only_active_volunteers_of_the_street_join(cast: Cast) -> None:
    squad = form(cast, kind="new_employment", micros=[])
    rider = make_volunteer(cast.place.micros[0], kind="new_employment", employer="蓝骑士")
    resident, resting = volunteers(cast, 1)[0], make_volunteer(cast.place.micros[0], state="paused")
    stranger = make_volunteer(Grid.objects.exclude(tree_id=cast.place.street.tree_id).filter(kind="micro")[0])
    for chosen, error in ((resident, Invalid), (resting, Conflict), (stranger, Invalid)):
        with pytest.raises(error):
            actions.add_members(squad=squad, volunteers=[rider.pk, chosen.pk], by=cast.street, at=MONDAY)
    with pytest.raises(Invalid):
        actions.add_members(squad=squad, volunteers=[], by=cast.street, at=MONDAY)
    assert not Member.objects.exists()
    actions.add_members(squad=squad, volunteers=[rider.pk], by=cast.street, at=MONDAY)
    with pytest.raises(Conflict):
        actions.add_members(squad=squad, volunteers=[rider.pk], by=cast.street, at=MONDAY)
    assert Member.objects.count() == 1


def test_the_board_counts_what_the_lists_find(cast: Cast, django_assert_num_queries: Any) -> None:
    form(cast)
    form(cast, kind="grid_team", name="二队", micros=[], lead=None)
    made = form(cast, kind="patrol", name="红袖章", micros=[])
    crowd = volunteers(cast, 3)
    actions.add_members(squad=made, volunteers=[one.pk for one in crowd], by=cast.lead, at=MONDAY)
    form(cast, kind="new_employment", name="骑手队", grid=cast.place.street, micros=[], by=cast.street)
    with django_assert_num_queries(5):
        street, community = squad_board(cast.street, MONDAY.date())
    assert (street.code, street.by_kind, street.by_gap) == (cast.place.street.code, [0, 0, 0, 1], [1, 0, 0, 0])
    assert (community.code, community.by_kind, community.by_gap) == (
        cast.place.totals[0].code,
        [1, 1, 1, 0],
        [2, 0, 1, 0],
    )
    assert (community.bound, community.micros, community.volunteers) == (1, 2, 3)
    total = total_of([street, community])
    for gap, count in zip(SquadGap, total.by_gap, strict=True):
        found = Squad.objects.visible_to(cast.street).for_list().lacking(gap)
        assert found.count() == count
        assert all(gap in gaps_of(squad) for squad in found)
    # A lead of the comprehensive grid sees the own part, a worker of no board none.
    assert [line.code for line in squad_board(cast.lead, MONDAY.date())] == [cast.place.totals[0].code]
    assert squad_board(make_user(), MONDAY.date()) == []
