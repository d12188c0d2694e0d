"""Lists of grids: read in every shape people keep them in, told every fault, taken in whole or not at all."""

import datetime as dt
import io
import json

import pytest
import tablib
from django.core.management import CommandError, call_command

from accounts.choices import Role
from accounts.models import User
from gridgov.core.errors import Invalid
from gridgov.core.models import Record
from grids import actions, reports
from grids.actions import BadRows, Imported
from grids.choices import PostKind
from grids.forms.sheet import COLUMNS, read_sheet, template, write_sheet
from grids.models import Grid
from tests.factories import MONDAY, give, make_street, make_user
from tests.grids.test_geodesy import square

pytestmark = pytest.mark.django_db
HEAD = ",".join(heading for heading, _more in COLUMNS.values())
BORDER = json.dumps(square()).replace('"', '""')
CSV = f"""{HEAD}
990101005,新街道,街道,,,,2026-01-01,
990101005001000,和平总网格,总网格,,990101005,,2026/1/2,
990101005001001,第一综合网格,综合网格,,990101005001000,,2026年1月2日,
990101005001901,商场,专属网格,,990101005001000,,20260102,
990101005001001001,一号,微网格,居民微网格,990101005001001,42,2026-01-02,"{BORDER}"
990101005001001701,商铺,微网格,商户微网格,990101005001001,,2026.01.02,
"""


@pytest.fixture
def system():
    return User.objects.system()


def take_in(content: bytes, name: str = "list.csv", *, by: User, dry_run: bool = False) -> Imported:
    sheet = read_sheet(content, name)
    return actions.import_grids(rows=sheet.rows, faults=sheet.faults, by=by, at=MONDAY, dry_run=dry_run)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_in_every_encoding(system, encoding):
    assert take_in(CSV.encode(encoding), by=system) == Imported(6, 0, 0)
    micro = Grid.objects.get(code="990101005001001001")
    assert (micro.name, micro.households, micro.micro_type, micro.border) == ("一号", 42, "resident", square())
    assert Grid.objects.get(code="990101005001901").valid_from == dt.date(2026, 1, 2)
    assert reports.tree_faults() == []
    assert Record.objects.get(verb="grids.imported").data == {"founded": 6, "changed": 0, "unchanged": 0}


def test_english_headings_in_another_order_with_empty_lines(system):
    street, total = "street,990101005,Street,2026-01-01,", "total,990101005001000,T,2026-01-01,990101005"
    text = f"kind,Code,NAME,valid_from,parent_code\n{street}\n,,,,\n{total}\n,,,,\n"
    sheet = read_sheet(text.encode(), "list.CSV")
    assert sheet.lines == [2, 4]
    assert take_in(text.encode(), by=system) == Imported(2, 0, 0)


def test_xlsx_keeps_dates_and_codes(system):
    table = tablib.Dataset(headers=[heading for heading, _more in COLUMNS.values()])
    table.append(["990101005", "街", "街道", "", "", None, dt.date(2026, 1, 1), ""])
    table.append([990101005001000, "总", "总网格", "", 990101005, None, dt.datetime(2026, 1, 2), ""])
    assert take_in(table.export("xlsx"), "list.xlsx", by=system) == Imported(2, 0, 0)
    assert Grid.objects.get(code="990101005001000").valid_from == dt.date(2026, 1, 2)


def test_a_code_kept_as_a_number_is_not_guessed_at(system):
    table = tablib.Dataset(headers=["code", "name", "kind", "micro_type", "valid_from"])
    table.append([990101005001001000, "微", "micro", "resident", "2026-01-01"])
    sheet = read_sheet(table.export("xlsx"), "list.xlsx")
    assert [(fault.field, "as text" in fault.message) for fault in sheet.faults] == [("code", True)]
    sheet = read_sheet(b"code,name,kind,valid_from\n9.90101E+17,x,micro,2026-01-01\n", "list.csv")
    assert [fault.field for fault in sheet.faults] == ["code"]


def test_every_fault_by_line_and_nothing_written(system):
    bad = f"""{HEAD}
990101005,新街道,街道,,,,2026-13-01,
990101005001000,和平总网格,大网格,,990101005,,2026-01-02,
990101005001001,,综合网格,,990101005001000,many,2026-01-02,
990101005001001001,一号,微网格,渔民,990101005009001,42,2026-01-02,nonsense
990101005001001001,一号,微网格,居民,990101005001001,42,2026-01-02,"{{""type"": ""Point""}}"
"""
    sheet = read_sheet(bad.encode(), "list.csv")
    with pytest.raises(BadRows) as refused:
        actions.import_grids(rows=sheet.rows, faults=sheet.faults, by=system, at=MONDAY)
    assert [(sheet.lines[fault.row], fault.field) for fault in refused.value.rows] == [
        (2, "valid_from"), (3, "kind"), (4, "households"), (4, "name"), (5, "micro_type"), (5, "border"),
        (5, "parent"), (6, "code"), (6, "border"),
    ]  # fmt: skip
    assert sheet.told(refused.value.rows)[0].startswith("Line 2, 启用日期: “2026-13-01” is no date")
    assert Grid.objects.count() == 0
    assert Record.objects.filter(verb__startswith="grids.").count() == 0


def test_a_dry_run_checks_and_writes_nothing(system):
    assert take_in(CSV.encode(), by=system, dry_run=True) == Imported(6, 0, 0)
    assert Grid.objects.count() == 0
    assert Record.objects.filter(verb__startswith="grids.").count() == 0


def test_a_second_time_brings_up_to_date(system):
    take_in(CSV.encode(), by=system)
    assert take_in(CSV.encode(), by=system) == Imported(0, 0, 6)
    changed = CSV.replace("一号", "壹号").replace(",42,", ",43,").replace("118.0, 32.0", "118.001, 32.0")
    assert take_in(changed.encode(), by=system) == Imported(0, 1, 5)
    micro = Grid.objects.get(code="990101005001001001")
    assert (micro.name, micro.households, micro.border["coordinates"][0][0]) == ("壹号", 43, [118.001, 32.0])
    without = CSV.replace(f'"{BORDER}"', "")
    assert take_in(without.encode(), by=system) == Imported(0, 1, 5)
    micro.refresh_from_db()
    assert (micro.name, micro.border["coordinates"][0][0]) == (
        "一号",
        [118.001, 32.0],
    )  # an empty border leaves the old


def test_a_list_moves_nothing(system):
    take_in(CSV.encode(), by=system)
    other = CSV.replace("一号,微网格,居民微网格,990101005001001", "一号,微网格,居民微网格,990101005001901").replace(
        "商场,专属网格", "商场,综合网格"
    )
    with pytest.raises(BadRows) as refused:
        take_in(other.encode(), by=system)
    assert [(fault.row, fault.field) for fault in refused.value.rows] == [(3, "kind"), (4, "parent")]


def test_a_street_hand_imports_its_own_street_only():
    place = make_street()
    office = make_user(Role.STREET)
    give(office, PostKind.STREET_STAFF, place.street)
    parent = place.comprehensives[0].code
    good = f"{HEAD}\n{parent}003,新,微网格,居民,{parent},42,2026-01-02,\n"
    assert take_in(good.encode(), by=office) == Imported(1, 0, 0)
    other = make_street("990101002")
    bad = f"{HEAD}\n{other.micros[0].code},新,微网格,居民,{other.comprehensives[0].code},42,2020-01-01,\n"
    with pytest.raises(BadRows, match="Only the street office"):
        take_in(bad.encode(), by=office)
    with pytest.raises(BadRows):
        take_in(CSV.encode(), by=office)
    assert Grid.objects.filter(name="新").count() == 1


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"x", "list.pdf", "Only CSV and XLSX"),
        (b"not a zip", "list.xlsx", "no readable XLSX"),
        (b"\xff\xfe\x00", "list.csv", "neither UTF-8 nor GBK|lacks the columns"),
        (b"code,name\n1,2\n", "list.csv", "lacks the columns: 类型, 启用日期"),
        (HEAD.encode(), "list.csv", "no rows"),
        (b"", "list.csv", "lacks the columns"),
    ],
)
def test_what_is_no_list(content, name, why):
    with pytest.raises(Invalid, match=why):
        read_sheet(content, name)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_written_out_comes_back_unchanged(system, ending):
    take_in(CSV.encode(), by=system)
    Grid.objects.filter(code="990101005").update(name="=1+1")
    rows = Grid.objects.select_related("parent").order_by("code")
    out = write_sheet(rows, ending)
    assert take_in(out, f"out.{ending}", by=system) == Imported(0, 0, 6)
    assert b"=1+1" not in out.replace(b"'=1+1", b"")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_is_a_good_list(system, ending):
    assert take_in(template(ending), f"t.{ending}", by=system) == Imported(4, 0, 0)


# --- commands --------------------------------------------------------------------------------------------------------


def test_the_import_command(tmp_path, system):
    file = tmp_path / "list.csv"
    file.write_text(CSV, encoding="gbk")
    out = io.StringIO()
    call_command("import_grids", file, dry_run=True, stdout=out)
    assert out.getvalue().strip().endswith("6 founded, 0 changed, 0 unchanged")
    assert Grid.objects.count() == 0
    call_command("import_grids", file, stdout=out)
    assert Grid.objects.count() == 6


def test_the_import_command_tells_every_fault(tmp_path):
    file, err = tmp_path / "list.csv", io.StringIO()
    file.write_text(f"{HEAD}\n1,,x,,,,,\n")
    with pytest.raises(CommandError, match="3 faults; nothing was changed"):
        call_command("import_grids", file, stderr=err)
    assert [line.split(":")[0] for line in err.getvalue().splitlines()] == [
        "Line 2, 类型", "Line 2, 启用日期", "Line 2, 名称",
    ]  # fmt: skip
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_grids", tmp_path / "none.csv")


def break_tree(place) -> None:
    """What an UPDATE by hand, or mptt without its lock, leaves behind."""
    Grid.objects.filter(pk=place.micros[0].pk).update(lft=1, rght=50)
    Grid.objects.filter(pk=place.micros[1].pk).update(level=7)
    Grid.objects.filter(pk=place.comprehensives[1].pk).update(tree_id=9)


def test_checking_and_mending(capsys):
    place, other = make_street(comprehensives=2), make_street("990101002")
    sound = list(Grid.objects.order_by("pk").values_list("pk", "tree_id", "lft", "rght", "level"))
    out, err = io.StringIO(), io.StringIO()
    call_command("check_grids", stdout=out)
    assert "whole" in out.getvalue()
    break_tree(place)
    Grid.objects.filter(pk=other.street.pk).update(tree_id=place.street.tree_id)
    with pytest.raises(CommandError, match="faults in the trees"):
        call_command("check_grids", stderr=err)
    named = {int(line.split()[1]) for line in err.getvalue().splitlines()}
    assert {
        place.micros[0].pk,
        place.micros[1].pk,
        place.comprehensives[1].pk,
        place.street.pk,
        other.street.pk,
    } <= named
    call_command("check_grids", fix=True, stdout=out)
    assert list(Grid.objects.order_by("pk").values_list("pk", "tree_id", "lft", "rght", "level")) == sound
    assert Record.objects.get(verb="grids.tree_mended").data == {"rows": 4}


def test_what_numbering_cannot_mend_is_told(capsys):
    place = make_street()
    Grid.objects.filter(pk=place.micros[0].pk).update(code="990101001001001950")
    Grid.objects.filter(pk=place.micros[1].pk).update(parent=place.totals[0])
    Grid.objects.filter(pk=place.comprehensives[0].pk).update(code="880101001001001")
    faults = {(fault.pk, fault.mendable) for fault in reports.tree_faults()}
    assert (place.micros[0].pk, False) in faults
    assert (place.micros[1].pk, False) in faults
    assert (place.comprehensives[0].pk, False) in faults
    with pytest.raises(CommandError):
        call_command("check_grids", fix=True, stderr=io.StringIO(), stdout=io.StringIO())
