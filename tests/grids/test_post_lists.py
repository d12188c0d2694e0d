"""Lists of posts: read, checked, taken in, written out again; on the desk."""

import datetime as dt

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import Role
from gridgov.core.errors import Forbidden
from gridgov.core.models import Record
from grids import actions
from grids.actions import BadRows, PostChange, Posted
from grids.choices import PostKind
from grids.forms.post_sheet import COLUMNS, SPOKEN, read_posts, template, write_posts
from grids.models import Post
from tests.factories import LONG_AGO, MONDAY, Cast, give, make_cast, make_unit, make_user

pytestmark = pytest.mark.django_db
HEAD = ",".join(heading for heading, _more in COLUMNS.values())
DAY = MONDAY.date()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def water(cast):
    return make_unit("供水公司", area_prefix="990101001", aliases=["自来水公司"])


def page(name: str) -> str:
    return reverse(f"admin:grids_post_{name}")


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def take_in(text: str, *, by, **more) -> Posted:
    sheet = read_posts(text.encode(), "list.csv")
    return actions.import_posts(rows=sheet.rows, faults=sheet.faults, by=by, at=MONDAY, **more)


def faults(text: str, by) -> list[tuple[int, str]]:
    sheet = read_posts(text.encode(), "list.csv")
    before = written()
    with pytest.raises(BadRows) as refused:
        actions.import_posts(rows=sheet.rows, faults=sheet.faults, by=by, at=MONDAY)
    assert written() == before
    return [(sheet.lines[fault.row], fault.field) for fault in refused.value.rows]


def written() -> list:
    return [list(Post.objects.order_by("pk").values()), Record.objects.count()]


def test_a_list_gives_ends_and_knows_what_stands(cast, water):
    newcomer, staff = make_user(username="new", full_name="赵新"), make_user(Role.UNIT_STAFF, username="water")
    one, two = cast.place.micros
    text = (
        f"{HEAD}\n"
        f"worker,{cast.worker.full_name},专职网格员,{one.code},,,2020-01-01,2026-09-30\n"
        f"other_worker,,grid_worker_ft,{two.code},,,2020/1/1,\n"
        f"new,赵新,兼职网格员,{one.code},,随便,2026年10月1日,\n"
        f"water,,专业网格员,,自来水公司,,,2026-12-31\n"
    )
    before = written()
    checked = take_in(text, by=cast.street, dry_run=True)
    assert written() == before
    assert (checked.given, checked.ended, checked.unchanged) == (2, 1, 1)
    end, begin = dt.date(2026, 9, 30), dt.date(2026, 10, 1)
    assert checked.changes == (
        PostChange(False, "赵新", "grid_worker_pt", one.name, begin, None),
        PostChange(False, staff.full_name, "specialist_worker", "供水公司", DAY, dt.date(2026, 12, 31)),
        PostChange(True, cast.worker.full_name, "grid_worker_ft", one.name, LONG_AGO, end),
    )
    assert take_in(text, by=cast.street) == checked
    assert Post.objects.get(user=cast.worker).valid_to == end
    assert Post.objects.filter(user=newcomer).values_list("grid", "kind", "valid_from", "valid_to").get() == (
        one.pk, "grid_worker_pt", begin, None,
    )  # fmt: skip
    verbs = list(Record.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["posts.ended", "posts.given", "posts.given", "posts.imported"]
    assert Record.objects.get(verb="posts.imported").data == {"given": 2, "ended": 1, "unchanged": 1}
    again = take_in(text, by=cast.street)
    assert (again.given, again.ended, again.unchanged, again.changes) == (0, 0, 4, ())


def test_what_is_written_is_read_as_it_stands(cast, water):
    give(make_user(Role.UNIT_STAFF), PostKind.SPECIALIST_WORKER, water)
    give(make_user(Role.STREET), PostKind.DISTRICT_STAFF, area_prefix="990101")
    rows = Post.objects.current(DAY).filter(unit__isnull=False).exclude(unit=cast.unit) | Post.objects.filter(
        grid__tree_id=cast.place.street.tree_id
    )
    content = write_posts(rows.for_list().order_by("pk"), "xlsx")
    sheet = read_posts(content, "list.xlsx")
    result = actions.import_posts(rows=sheet.rows, faults=sheet.faults, by=cast.street, at=MONDAY)
    assert (result.given, result.ended, result.unchanged) == (0, 0, 6)
    assert "990101" not in {line[3] for line in tablib.Dataset().load(write_posts(Post.objects.for_list(), "csv").decode(
        "utf-8-sig"), format="csv")}  # fmt: skip


def test_every_fault_of_a_list_is_told_and_nothing_taken(cast, water):
    one = cast.place.micros[0].code
    make_user(username="new")
    Post.objects.filter(user=cast.other_worker).update(valid_to=dt.date(2026, 9, 10))
    elsewhere = Post.objects.get(user=cast.outsider).grid.code
    lines = [
        f"nobody,,专职网格员,{one},,,,",
        f"new,,队长,{one},,,,",
        f"new,李四,微网格员,{one},,,,",
        "new,,微网格员,990101001001001099,,,,",
        "new,,微网格员,9.90101E+17,,,,",
        f"new,,网格长,{cast.place.comprehensives[0].code},,,,",
        f"new,,网格长,{one},,,,",
        f"new,,微网格员,{one},,,2026-09-08,2026-09-07",
        "new,,专业网格员,,没有的公司,,,",
        f"worker,,专职网格员,{one},,,2024-01-01,",
        f"worker,,专职网格员,{one},,,2020-01-01,2019-01-01",
        f"other_worker,,专职网格员,{cast.place.micros[1].code},,,2020-01-01,",
        f"new,,兼职网格员,{one},,,2026-01-01,",
        f"new,,兼职网格员,{one},,,2026-01-01,",
        "new,,微网格员,,,,,",
        f"outsider,,街道工作人员,{elsewhere},,,,",
        f"new,,微网格员,{one},,,昨天,",
    ]
    assert faults("\n".join([HEAD, *lines]), cast.street) == [
        (2, "user"), (3, "kind"), (4, "name"), (5, "grid"), (6, "grid"), (7, "user"), (8, "grid"), (9, "valid_to"),
        (10, "unit"), (11, "user"), (12, "valid_to"), (13, "valid_to"), (15, "user"), (16, "grid"), (17, ""),
        (18, "valid_from"),
    ]  # fmt: skip


def test_who_may_take_a_list_in(cast):
    text = f"{HEAD}\nworker,,微网格员,{cast.place.micros[1].code},,,,\n"
    before = written()
    for user in (cast.lead, cast.worker, make_user(Role.SYSTEM_ADMIN)):
        with pytest.raises(Forbidden):
            take_in(text, by=user)
    assert faults(text, cast.outsider) == [(2, "")]
    assert written() == before
    assert take_in(text, by=make_user(Role.SECURITY_ADMIN)).given == 1


def test_every_kind_has_a_word_and_the_template_is_readable():
    assert set(SPOKEN.values()) == set(PostKind)
    sheet = read_posts(template("xlsx"), "list.xlsx")
    assert [line.user for line in sheet.rows] == ["zhangsan", "lisi"] and sheet.faults == []


def test_a_long_list_costs_as_many_queries_as_a_short_one(cast):
    def cost(number: int) -> int:
        people = [make_user() for _ in range(number)]
        lines = [f"{one.username},,微网格员,{cast.place.micros[0].code},,,," for one in people]
        with CaptureQueriesContext(connection) as queries:
            assert take_in("\n".join([HEAD, *lines]), by=cast.street).given == number
        return len(queries)

    assert cost(1) == cost(20)


# --- on the desk -----------------------------------------------------------------------------------------------------


def send(client: Client, text: str, **more):
    return client.post(page("take_in"), {"file": SimpleUploadedFile("list.csv", text.encode()), **more})


def test_the_page_shows_what_would_change(cast):
    make_user(username="new", full_name="赵新")
    text = f"{HEAD}\nnew,,兼职网格员,{cast.place.micros[0].code},,,2026-10-01,\n"
    office = sign_in(cast.street)
    answer = send(office, text, dry_run="on")
    assert answer.status_code == 200
    assert [cells[1] for cells in answer.context["changes"]] == ["赵新"]
    assert "赵新" in answer.content.decode() and not Post.objects.filter(user__username="new").exists()
    answer = send(office, text.replace("new,", "nobody,"))
    assert (answer.status_code, answer.context["count"]) == (400, 1)
    assert send(office, text).status_code == 302
    assert Post.objects.get(user__username="new").valid_from == dt.date(2026, 10, 1)


def test_who_sees_the_pages(cast):
    for name in ("take_in", "give_template"):
        assert sign_in(cast.lead).get(page(name)).status_code == 403
        assert sign_in(cast.street).get(page(name)).status_code == 200
    listed = sign_in(cast.outsider).get(page("write_out") + "?format=csv").content.decode("utf-8-sig")
    assert [line[0] for line in tablib.Dataset().load(listed, format="csv")] == [
        "outsider",
        "unit_staff",
    ]  # a unit of all
    assert sign_in(make_user(Role.AUDITOR)).get(page("write_out")).status_code == 403


def test_a_null_character_in_a_cell_is_no_part_of_it(cast):
    user = make_user()
    line = f"用户名,岗位,网格编码\n{user.username}\0,专职网格员,{cast.place.micros[0].code}\0\n"
    assert take_in(line, by=cast.street).given == 1
    assert Post.objects.get(user=user).grid == cast.place.micros[0]
