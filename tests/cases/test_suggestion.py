"""Proposals at intake: from the matter list on the first day, from the office's own cases after that; never from what is
switched off, never with a person in them, and never set by themselves."""

import datetime as dt
import json
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import User
from cases import actions
from cases.actions import learn_suggestions
from cases.choices import CaseState, OrderState, Part
from cases.jobs import learn_daily
from cases.models import Case, Category, Order, SuggestionModel
from cases.reports import Suggestion, UnitGuess, suggest
from cases.reports.learned import forget
from gridgov.core.geodesy import Outline
from gridgov.core.models import Job, Record
from grids.choices import UnitKind
from grids.models import Grid, Unit
from tests.cases.lessons import another_community, load_matters, stand
from tests.factories import MONDAY, Cast, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
# Of these the matter list says: a deposit not given back.
POWERBANK = (
    "共享充电宝的柜子吞了押金不退",
    "充电宝还回去了柜子不认，押金不退",
    "商场那个充电宝柜子坏了押金不退",
    "充电宝柜子里的押金不退给我",
)


@pytest.fixture
def cast() -> Cast:
    found = make_cast()
    load_matters()
    return found


def proposed(cast: Cast, text: str, by: User | None = None, at: dt.datetime = MONDAY, **values: Any) -> Suggestion:
    with translation.override("en"):
        return suggest(text=text, by=by or cast.street, at=at, **values)


def first(cast: Cast, text: str) -> str:
    return next((guess.code for guess in proposed(cast, text).categories), "")


def learn(at: dt.datetime = MONDAY) -> SuggestionModel:
    row = learn_suggestions(by=User.objects.system(), at=at)
    assert row is not None
    return row


def content(row: SuggestionModel) -> str:
    """Everything in words that a row keeps."""
    with np.load(BytesIO(bytes(row.data)), allow_pickle=False) as parts:
        assert sorted(parts) == ["rarity", "said", "weights"]
        return str(parts["said"].tobytes().decode())


def settle(case: Case, unit: Unit | None, state: str = OrderState.DONE, part: str = Part.LEAD) -> None:
    to = {"unit": unit} if unit else {"grid": case.grid}
    Order.objects.create(case=case, state=state, part=part, sent_by=case.reported_by, sent_at=MONDAY, **to)


# --- from the matter list --------------------------------------------------------------------------------------------


def test_on_the_first_day_the_matter_list_proposes(cast: Cast) -> None:
    found = proposed(cast, "家里停水了，到底几点来水？")
    guess = found.categories[0]
    assert (guess.code, guess.name, guess.tier, guess.urgency) == ("0501", "Water outage / low pressure", "C", "urgent")
    assert guess.because == ("停水",)
    assert 0.5 < guess.score <= 1
    assert (found.trained_at, found.cases, found.grid) == (None, 0, None)
    assert len(found.categories) <= 3
    assert [one.score for one in found.categories] == sorted((one.score for one in found.categories), reverse=True)


def test_no_more_than_asked_and_nothing_from_nothing(cast: Cast) -> None:
    assert len(proposed(cast, "楼上漏水，天花板泡了，物业不管", limit=1).categories) == 1
    assert proposed(cast, "？？ 12345 !!") == Suggestion()


def test_words_of_danger_raise_the_urgency(cast: Cast) -> None:
    found = proposed(cast, "楼道灯一闪一闪的，还冒烟，配电箱起火了")
    assert (found.urgency, found.danger) == ("emergency", ("起火",))
    assert {guess.urgency for guess in found.categories} == {"emergency"}
    calm = proposed(cast, "楼道灯不亮")
    assert (calm.urgency, calm.danger, calm.categories[0].urgency) == ("", (), "normal")


def test_a_category_switched_off_is_never_proposed(cast: Cast) -> None:
    for n in range(4):
        stand(cast, "停水了没水", "0501", micro=n % 2)
    learn()
    text = "家里停水了，没水"
    assert first(cast, text) == "0501"
    Category.objects.filter(code="0501").update(enabled=False)
    codes = [guess.code for guess in proposed(cast, text, limit=90).categories]
    assert "0501" not in codes and len(codes) > 0
    assert proposed(cast, text, category="0501").unit == proposed(cast, text).unit


# --- from cases ------------------------------------------------------------------------------------------------------


def test_closed_cases_teach_what_the_list_had_wrong(cast: Cast) -> None:
    text = "楼下充电宝的柜子又吞了我的押金不退"
    assert first(cast, text) == "0807"
    for n, said in enumerate(POWERBANK):
        stand(cast, said, "0806", micro=n % 2, state=CaseState.CLOSED)
    row = learn()
    found = proposed(cast, text)
    assert (found.categories[0].code, found.cases, found.trained_at) == ("0806", 4, MONDAY)
    assert found.categories[0].because == ("电宝", "柜子", "金不退")
    assert row.measures == {"held": 0}


def test_what_was_not_accepted_teaches_nothing(cast: Cast) -> None:
    """Only a category that somebody stood by."""
    stand(cast, "充电宝", "0806", accepted_at=None, state=CaseState.SUBMITTED)
    stand(cast, "充电宝", "0806", accepted_at=None, state=CaseState.REJECTED)
    stand(cast, "充电宝", "0806", state=CaseState.VOIDED)
    before = Record.objects.count()
    assert learn_suggestions(by=User.objects.system(), at=MONDAY) is None
    assert (SuggestionModel.objects.count(), Record.objects.count()) == (0, before)


def test_learning_is_recorded_and_keeps_three_rows(cast: Cast) -> None:
    stand(cast, "停水", "0501")
    rows = [learn(MONDAY + n * dt.timedelta(days=1)) for n in range(4)]
    assert list(SuggestionModel.objects.values_list("pk", flat=True)) == [row.pk for row in rows[:0:-1]]
    record = Record.objects.filter(verb="cases.suggestions_learned").latest("pk")
    assert (record.subject_id, record.actor.username) == (rows[-1].pk, User.objects.system().username)
    assert record.data == {"cases": 1, "held": 0}


def test_the_newest_tenth_measures(cast: Cast) -> None:
    for n in range(18):
        stand(cast, ("停水了没水", "路灯不亮")[n % 2], ("0501", "0402")[n % 2], micro=n % 3 % 2)
    stand(cast, "停水了没水", "0402")
    stand(cast, "停水了没水", "0501")
    assert learn().measures == {"held": 2, "top1": 0.5, "top3": 0.5}


def test_it_learns_every_day(cast: Cast) -> None:
    stand(cast, "停水", "0501")
    job = Job.objects.get(kind="cases.learn", key="standing")
    learn_daily([job], MONDAY)
    assert SuggestionModel.objects.get().trained_at == MONDAY


def test_a_newer_row_is_read_within_a_minute(cast: Cast) -> None:
    stand(cast, "停水", "0501")
    old = learn()
    assert proposed(cast, "停水").cases == 1
    # Another process learns.
    SuggestionModel.objects.create(trained_at=MONDAY, cases=77, data=old.data)
    assert proposed(cast, "停水", at=MONDAY + dt.timedelta(seconds=59)).cases == 1
    assert proposed(cast, "停水", at=MONDAY + dt.timedelta(seconds=60)).cases == 77


# --- no person in it -------------------------------------------------------------------------------------------------


def test_personal_data_never_stands_in_the_model(cast: Cast) -> None:
    make_user(full_name="卢宏远")
    said = (
        "我叫欧阳小北，电话13812345678，身份证110101199003071234，停水了",
        "张阿姨说三楼停水，找卢宏远师傅也没用，微信号water2026",
        "夏雨荷家停水，王大爷打13987654321没人接",
    )
    for n in range(9):
        stand(cast, said[n % 3], "0501", micro=n % 2, name=("欧阳小北", "", "夏雨荷")[n % 3])
    row = learn()
    kept = content(row)
    words = json.loads(kept)["words"]
    assert "停水" in words
    assert not any(letter.isdigit() for word in words for letter in word)
    for name in ("欧阳", "小北", "阳小", "卢宏", "宏远", "夏雨", "雨荷", "张阿", "王大", "大爷", "138", "1101", "2026"):
        assert name not in "|".join(words), name
    assert set(json.loads(kept)) == {"matters", "places", "units", "words"}
    assert said[0][:6] not in kept and bytes(said[0], "utf-8") not in bytes(row.data)


def test_what_few_say_or_one_grid_says_is_not_kept(cast: Cast) -> None:
    """Nobody can be known by a turn of phrase."""
    for n in range(2):
        stand(cast, "琉璃瓦", "0501", micro=n)
    for _n in range(5):
        stand(cast, "葡萄架", "0501", micro=0)
    for n in range(3):
        stand(cast, "石榴树", "0501", micro=n % 2)
    words = json.loads(content(learn()))["words"]
    assert ("琉璃" in words, "葡萄" in words, "石榴" in words) == (False, False, True)


def test_flats_are_no_places(cast: Cast) -> None:
    for n in range(4):
        stand(cast, "停水", "0501", micro=n % 2, place="幸福里小区4号楼2单元501室李建国家")
    places = json.loads(content(learn()))["places"]
    assert {name for name in places if name.startswith("幸福")} == {"幸福里小区", "幸福里小区4号楼"}


# --- unit and grid ---------------------------------------------------------------------------------------------------


def test_the_unit_is_where_such_cases_really_went(cast: Cast) -> None:
    water, other = make_unit("供水公司", UnitKind.UTILITY), make_unit("街道应急办")
    for unit, state, part in (
        (other, OrderState.DONE, Part.LEAD), (other, OrderState.DONE, Part.LEAD), (water, OrderState.DONE, Part.LEAD),
        (water, OrderState.RETURNED, Part.LEAD), (water, OrderState.SIGNED, Part.ASSIST), (water, OrderState.DONE, Part.ASSIST),
    ):  # fmt: skip
        settle(stand(cast, "停水", "0501"), unit, state, part)
    learn()
    code = cast.place.micros[0].code
    unit = proposed(cast, "停水", grid=code).unit
    assert unit == UnitGuess(other.pk, "街道应急办", 0.6667, ("2 of 3 such orders here",))
    # Elsewhere nothing is known but the list's name.
    far = another_community(cast)
    for _n in range(4):
        settle(stand(cast, "停水", "0501", grid=far), water)
    learn()
    assert proposed(cast, "停水", grid=far.code).unit == UnitGuess(
        water.pk, "供水公司", 1.0, ("4 of 4 such orders here",)
    )
    assert proposed(cast, "停水", grid=code).unit == unit


def test_what_the_grid_settles_goes_to_the_grid(cast: Cast) -> None:
    for _n in range(3):
        settle(stand(cast, "楼道堆物", "0602"), None)
    learn()
    unit = proposed(cast, "楼道堆物", grid=cast.place.micros[0].code).unit
    assert unit == UnitGuess(None, "", 1.0, ("3 of 3 such orders here",), own_grid=True)


def test_else_the_unit_is_whom_the_list_names(cast: Cast) -> None:
    """By name or by another name; of several the one whose area is the nearest."""
    code = cast.place.micros[0].code
    assert proposed(cast, "停水", grid=code).unit == UnitGuess(None, "供水公司", 0.2, ("供水公司",))
    wide = make_unit("示例区自来水公司", aliases=["供水公司"], area_prefix="990101")
    assert proposed(cast, "停水", grid=code).unit == UnitGuess(wide.pk, wide.name, 0.5, ("供水公司",))
    assert proposed(cast, "停水").unit == UnitGuess(wide.pk, wide.name, 0.5, ("供水公司",))
    near = make_unit("一街水务站", aliases=["供水公司"], area_prefix="990101001")
    make_unit("二街水务站", aliases=["供水公司"], area_prefix="990101002")
    assert proposed(cast, "停水", grid=code).unit == UnitGuess(near.pk, near.name, 0.5, ("供水公司",))
    assert proposed(cast, "停水").unit == UnitGuess(None, "供水公司", 0.2, ("供水公司",))
    Unit.objects.update(is_active=False)
    assert proposed(cast, "停水", grid=code).unit == UnitGuess(None, "供水公司", 0.2, ("供水公司",))


def test_the_unit_is_that_of_the_category_chosen(cast: Cast) -> None:
    found = proposed(cast, "停水", category="0402")
    assert found.unit == UnitGuess(None, "区城市照明管理单位", 0.2, ("区城市照明管理单位",))
    assert found.categories[0].unit == UnitGuess(None, "供水公司", 0.2, ("供水公司",))


def test_the_grid_from_the_point(cast: Cast) -> None:
    ring = [[104.0, 30.0], [104.01, 30.0], [104.01, 30.01], [104.0, 30.01], [104.0, 30.0]]
    outline = Outline.read({"type": "Polygon", "coordinates": [ring]})
    micro = cast.place.micros[1]
    Grid.objects.filter(pk=micro.pk).update(border=outline.geojson, shape=outline.wkb, box=outline.bounds)
    found = proposed(cast, "停水", point=(104.005, 30.005))
    assert found.grid is not None
    assert (found.grid.code, found.grid.score, found.grid.because) == (micro.code, 1.0, ())
    assert [step.code for step in found.path][-1] == micro.code
    assert proposed(cast, "停水", point=(105.0, 30.005)).grid is None


def test_the_grid_from_places_that_cases_had(cast: Cast) -> None:
    """A house stands for its micro-grid, an estate over several for what covers most of it; in the text as in the place."""
    for micro, place in (
        (0, "幸福里小区3号楼"),
        (0, "幸福里小区3号楼2单元"),
        (1, "幸福里小区4号楼"),
        (1, "幸福里小区4号楼"),
    ):
        stand(cast, "停水", "0501", micro=micro, place=place)
    learn()
    house = proposed(cast, "我住幸福里小区3、9号楼，停水了").grid
    assert house is not None
    assert (house.code, house.because) == (cast.place.micros[0].code, ("幸福里小区3号楼",))
    estate = proposed(cast, "停水", place="幸福里小区北门").grid
    assert estate is not None
    assert (estate.code, estate.because) == (cast.place.comprehensives[0].code, ("幸福里小区",))
    assert proposed(cast, "停水", place="桃园新村3号楼").grid is None


def test_a_named_grid_is_only_made_finer(cast: Cast) -> None:
    for _n in range(2):
        stand(cast, "停水", "0501", micro=0, place="幸福里小区3号楼")
    learn()
    text, house = "幸福里小区3号楼停水", cast.place.micros[0].code
    inside = proposed(cast, text, grid=cast.place.totals[0].code).grid
    assert inside is not None and inside.code == house
    assert proposed(cast, text, grid=cast.place.micros[1].code).grid is None
    assert proposed(cast, text, grid=house).grid is None


def test_the_grid_from_the_name_of_a_grid(cast: Cast) -> None:
    far = another_community(cast)
    stand(cast, "停水", "0501")
    learn()
    found = proposed(cast, "桥南家园1号楼停水").grid
    assert found is not None
    assert (found.code, found.name, found.because) == (far.code, "桥南家园1号楼微网格", ("桥南家园1号楼",))
    Grid.objects.filter(pk=far.pk).update(valid_to=MONDAY.date())
    assert proposed(cast, "桥南家园1号楼停水").grid is None


def test_an_outsider_is_told_no_grid(cast: Cast) -> None:
    for _n in range(2):
        stand(cast, "停水", "0501", micro=0, place="幸福里小区3号楼")
    learn()
    assert proposed(cast, "幸福里小区3号楼停水", by=cast.outsider).grid is None
    assert proposed(cast, "幸福里小区3号楼停水", by=cast.other_worker).grid is None
    assert proposed(cast, "幸福里小区3号楼停水", by=cast.worker).grid is not None


# --- what it costs ---------------------------------------------------------------------------------------------------


def test_it_costs_the_same_whatever_was_learned(cast: Cast) -> None:
    costs = []
    for _round in range(3):
        for micro in (0, 1):
            settle(stand(cast, "停水了没水", "0501", micro=micro, place=f"幸福里小区{micro}号楼"), cast.unit)
        learn()
        proposed(cast, "停水")
        with CaptureQueriesContext(connection) as caught:
            proposed(cast, "停水了没水", place="幸福里小区1号楼")
        costs.append(len(caught))
    # The list, the grids that names stand for, the way to one, the units.
    assert costs == [4, 4, 4]
    forget()
    with CaptureQueriesContext(connection) as caught:
        proposed(cast, "停水了没水", place="幸福里小区1号楼")
    assert len(caught) == 5


def test_nothing_is_set(cast: Cast) -> None:
    case = actions.report_case(
        report=actions.Report(category="0602", text="楼道里一股煤气味", grid=cast.place.micros[0].code),
        by=cast.street,
        at=MONDAY,
    )
    before = Case.objects.filter(pk=case.pk).values().get()
    records = Record.objects.count()
    assert proposed(cast, case.text).categories[0].code == "0605"
    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert Record.objects.count() == records
