"""The demo street on paper: the numbers of the sources, codes, names, borders, people, organisations, units."""

import hashlib
import random
import re
from collections import Counter

import pytest
import shapely

from gridgov.demo.catalogue import categories
from gridgov.demo.parts import POST_LEVELS, Plan
from gridgov.demo.plan import demo, district, street, town
from gridgov.demo.samples import samples
from gridgov.demo.specialists import bind
from grids.choices import CHILDREN, GridKind, PartyKind, PostKind, UnitKind

CODE = re.compile(r"^99\d{7}(\d{3}\d{3}(\d{3})?)?$")


@pytest.fixture(scope="module")
def home() -> Plan:
    return street()


@pytest.fixture(scope="module")
def both() -> Plan:
    return demo()


@pytest.fixture(scope="module")
def small_district() -> Plan:
    return district(0.2)


def fingerprint(plan: Plan) -> str:
    grids = [(g.code, g.name, g.households, g.boundary.wkb_hex) for g in plan.grids]
    return hashlib.sha256(
        repr((grids, plan.units, plan.people, plan.posts, plan.organisations, plan.specialists, plan.bindings)).encode()
    ).hexdigest()


def test_the_street_has_the_numbers_of_the_sources(home: Plan) -> None:
    assert len(home.of_kind("street")) == 1
    assert len(home.of_kind("total")) == 6
    assert len(home.of_kind("comprehensive")) == 39
    assert len(home.of_kind("micro", "resident")) == 267
    assert len(home.of_kind("micro", "merchant")) == 47
    assert Counter(p.role for p in home.people) - Counter({"staff": 10_000}) == {
        "cadre": 45,
        "worker": 27,
        "member": 314,
    }
    assert Counter(o.kind for o in home.organisations) == {
        "work_committee": 1, "community_committee": 6, "branch": 39, "group": 99,
    }  # fmt: skip


def test_codes_are_well_formed_unique_and_say_the_parent(both: Plan) -> None:
    codes = [g.code for g in both.grids]
    assert len(set(codes)) == len(codes)
    for grid in both.grids:
        assert CODE.match(grid.code)
        match grid.kind:
            case "street":
                assert (len(grid.code), grid.parent) == (9, "")
            case "total":
                assert grid.code == f"{grid.code[:12]}000"
                assert grid.parent == grid.code[:9]
            case "comprehensive":
                assert "001" <= grid.code[12:] <= "899"
                assert grid.parent == f"{grid.code[:12]}000"
            case "micro":
                low, high = ("001", "699") if grid.micro_type == "resident" else ("701", "999")
                assert low <= grid.code[15:] <= high
                assert grid.parent == grid.code[:15]


def test_kinds_are_those_of_the_rooms(both: Plan) -> None:
    assert {g.kind for g in both.grids} == set(GridKind) - {GridKind.DEDICATED}
    assert {p.role for p in both.posts} <= set(PostKind)
    assert {u.kind for u in both.units} == set(UnitKind)
    assert {o.kind for o in both.organisations} == set(PartyKind) - {PartyKind.HOUSEHOLD}
    assert all(g.kind in CHILDREN[both.grid(g.parent).kind if g.parent else ""] for g in both.grids)


def test_parents_stand_before_their_children(both: Plan) -> None:
    seen = {""}
    for grid in both.grids:
        assert grid.parent in seen
        seen.add(grid.code)


def test_the_sequence_runs_in_reading_order(home: Plan) -> None:
    """The first community lies to the west of the third, the first row to the north of the last."""
    centres = [root.boundary.centroid for root in home.of_kind("total")]
    assert centres[0].x < centres[1].x < centres[2].x
    assert centres[3].x < centres[4].x < centres[5].x
    assert min(c.y for c in centres[:3]) > max(c.y for c in centres[3:])


def test_micro_grids_hold_thirty_to_fifty_households(both: Plan) -> None:
    assert {30 <= g.households <= 50 for g in both.of_kind("micro")} == {True}
    for grid in both.grids:
        if children := both.children(grid.code):
            assert grid.households == sum(child.households for child in children)


def test_borders_are_clean_at_every_level(both: Plan) -> None:
    assert shapely.coverage_is_valid([g.boundary for g in both.of_kind("micro")])
    for grid in both.grids:
        assert grid.boundary.is_valid
        assert grid.boundary.geom_type == "Polygon"
        if children := both.children(grid.code):
            union = shapely.union_all([child.boundary for child in children])
            assert grid.boundary.symmetric_difference(union).is_empty


def test_the_street_is_two_and_a_half_kilometres_wide(home: Plan) -> None:
    west, south, east, north = home.grid("990101001").boundary.bounds
    assert 2.3 < (east - west) * 85.0 < 2.9
    assert 2.3 < (north - south) * 111.3 < 2.9


def test_names_are_unique_where_they_must_be(home: Plan) -> None:
    for kind in ("total", "comprehensive", "micro"):
        names = Counter(g.name for g in home.of_kind(kind))
        assert names.most_common(1)[0][1] == 1
    assert home.grid("990101001001001").name == "幸福里第一网格"
    assert "幸福里小区3号楼微网格" in {g.name for g in home.children("990101001001001")}
    assert "滨河路底商微网格" in {g.name for g in home.children("990101001003003")}


def test_every_grid_of_the_sample_cases_exists_in_its_community(both: Plan) -> None:
    found = samples(both)
    assert len(found) == 45
    for sample in found:
        assert sample.community.endswith(both.grid(sample.grid).community)
        assert not sample.micro or both.grid(sample.micro).parent == sample.grid
        both.unit_for(sample.department, sample.grid)
    micros = {sample.number: sample.micro for sample in found}
    assert both.grid(micros["DEMO-0039"]).place == "幸福里小区3号楼"
    assert both.grid(micros["DEMO-0005"]).place == "桃园新村5号楼2单元"
    assert both.grid(micros["DEMO-0021"]).place == "滨河路底商"


def test_the_street_alone_has_all_samples_but_the_villages(home: Plan) -> None:
    assert len(samples(home)) == 41


def test_every_department_answers_everywhere(both: Plan) -> None:
    names = {c.department for c in categories()} | {a for c in categories() for a in c.assists}
    for root in both.of_kind("total"):
        for name in names:
            unit = both.unit_for(name, root.code)
            assert (unit is None) == (name == "微网格员")
            assert unit is None or root.code.startswith(unit.area_code)
    with pytest.raises(KeyError):
        both.unit_for("不存在的单位", "990101001001001")


def test_units_are_of_the_community_street_or_county_asked_for(both: Plan) -> None:
    found = {key: both.unit_for(key, "990101101201001") for key in ("社区居委会", "辖区派出所", "供水公司")}
    assert {key: unit and (unit.name, unit.kind) for key, unit in found.items()} == {
        "社区居委会": ("东岭村村民委员会", "community"),
        "辖区派出所": ("示范镇派出所", "government"),
        "供水公司": ("示例区供水公司", "utility"),
    }
    assert len({u.code for u in both.units}) == len(both.units) == len({u.name for u in both.units})
    assert set(POST_LEVELS) == {"微网格员", "社区居委会"}


def test_every_grid_has_its_people(both: Plan) -> None:
    posts = Counter((p.grid, p.role) for p in both.posts)
    assert set(posts.values()) == {1}
    for grid in both.grids:
        want = {
            "street": set(), "total": {"root_grid_lead"}, "comprehensive": {"grid_lead"},
            "micro": {"grid_worker_ft", "micro_grid_worker"},
        }[grid.kind]  # fmt: skip
        assert {role for code, role in posts if code == grid.code} == want


def test_a_worker_holds_several_micro_grids_of_one_community(home: Plan) -> None:
    held: dict[str, list[str]] = {}
    for post in home.posts:
        if post.role == "grid_worker_ft":
            held.setdefault(post.username, []).append(post.grid)
    assert len(held) == 27
    assert {8 <= len(grids) <= 15 for grids in held.values()} == {True}
    assert {len({code[:12] for code in grids}) for grids in held.values()} == {1}


def test_user_names_are_unique_and_every_unit_has_somebody(both: Plan) -> None:
    names = [p.username for p in both.people]
    assert len(set(names)) == len(names)
    assert {p.unit for p in both.people if p.role == "staff"} >= {u.code for u in both.units}
    assert {p.username for p in both.people} >= {"total001", "lead001001", "worker01", "micro001001001", "hub1"}
    assert {p.part_time for p in both.people if p.role == "member"} == {True}
    assert {p.part_time for p in both.people if p.role != "member"} == {False}


def test_party_groups_cover_every_micro_grid_once_alone_or_jointly(home: Plan) -> None:
    groups = [o for o in home.organisations if o.kind == "group"]
    covered = Counter(code for o in groups for code in o.grids)
    assert covered == Counter(g.code for g in home.of_kind("micro"))
    assert {(len(o.grids) == 1) == (o.set_up == "alone") for o in groups} == {True}
    assert {o.set_up for o in groups} == {"alone", "jointly"}
    codes = {o.code for o in home.organisations}
    assert {o.parent in codes for o in home.organisations if o.kind != "work_committee"} == {True}
    assert {o.secretary for o in home.organisations} <= {p.username for p in home.people}


def test_sixteen_departments_and_five_utilities_are_bound_to_every_community(both: Plan) -> None:
    units = {person.username: person.unit for person in both.specialists}
    assert (len(both.specialists), len(both.bindings), len(set(units.values()))) == (66, 147, 21)
    kinds = {unit.code: unit.kind for unit in both.units}
    assert Counter(kinds[code] for code in set(units.values())) == {"government": 16, "utility": 5}
    totals = {total.code for total in both.of_kind("total")}
    bound = Counter((units[tie.username], tie.grid) for tie in both.bindings)
    assert set(bound) == {(unit, total) for unit in set(units.values()) for total in totals}
    assert set(bound.values()) == {1}
    assert both.specialists[0].unit == "990101-water"
    assert {tie.matters for tie in both.bindings if tie.username == "specialist1"} == {("0501", "0506", "0507")}
    assert not {p.username for p in both.specialists} & {p.username for p in both.people}


def test_a_whole_district_has_as_many_as_the_source_says() -> None:
    plan = town()
    grids = plan.of_kind("total") * 374
    people, ties = bind(grids, plan.units, random.Random(1))
    assert (len(people), len(ties)) == (3579, 21 * 374)


def test_the_same_seed_makes_the_same_plan(home: Plan) -> None:
    assert fingerprint(street()) == fingerprint(home)
    assert fingerprint(street(2)) != fingerprint(home)


def test_the_street_is_the_same_with_and_without_the_town(home: Plan, both: Plan) -> None:
    alone = [(g.code, g.name, g.households) for g in home.grids]
    assert [(g.code, g.name, g.households) for g in both.grids if g.code.startswith("990101001")] == alone
    assert [g.code for g in town().grids] == [g.code for g in both.grids if g.code.startswith("990101101")]


def test_a_fifth_of_a_district(small_district: Plan) -> None:
    plan = small_district
    assert len(plan.of_kind("street")) == 3
    assert len(plan.of_kind("total")) == 75
    assert len(plan.of_kind("comprehensive")) == 308
    assert {7 <= len(plan.children(g.code)) <= 10 for g in plan.of_kind("comprehensive")} == {True}
    assert shapely.coverage_is_valid([g.boundary for g in plan.of_kind("micro")])
    assert plan.grid("990101001001001").name == "幸福里第一网格"
    assert len(list(plan.within("990101001"))) == 360
    assert len({p.username for p in plan.people}) == len(plan.people)
    assert len(samples(plan)) == 45


def test_a_district_out_of_proportion_is_refused() -> None:
    with pytest.raises(ValueError, match="scale"):
        district(0.01)
