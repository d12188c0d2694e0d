"""The desk's pages: who sees them, that saving goes through the actions, and that refusals keep what was typed."""

import io
import json
import sys

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from gridgov.core.models import Record
from grids import actions
from grids.choices import PostKind
from grids.models import Grid, PartyOrg, Post, Unit
from tests.factories import LONG_AGO, MONDAY, give, make_street, make_unit, make_user
from tests.grids.test_borders import draw
from tests.grids.test_geodesy import square
from tests.grids.test_imports import CSV

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_street(totals=2, comprehensives=1, micros=2)


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office(place):
    user = make_user(Role.STREET)
    give(user, PostKind.STREET_STAFF, place.street)
    return sign_in(user)


@pytest.fixture
def worker(place):
    user = make_user(Role.WORKER)
    give(user, PostKind.GRID_WORKER_FT, place.micros[0])
    return sign_in(user)


def page(name: str, *args) -> str:
    return reverse(f"admin:grids_{name}", args=args)


def change_form(grid: Grid, **changes) -> dict:
    """What the browser would send for GRID's page."""
    sent = {
        "parent": grid.parent_id or "",
        "name": grid.name,
        "households": "" if grid.households is None else grid.households,
        "valid_from": grid.valid_from.isoformat(),
        "valid_to": grid.valid_to.isoformat() if grid.valid_to else "",
        "superseded_by": grid.superseded_by_id or "",
        "border": json.dumps(grid.border) if grid.border else "",
    }
    return {**sent, **changes}


# --- reading ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["grid", "post", "unit", "partyorg"])
def test_lists_by_role(name, place, office, worker):
    address = page(f"{name}_changelist")
    assert office.get(address).status_code == 200
    assert worker.get(address).status_code == 200
    assert sign_in(make_user(Role.AUDITOR)).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_the_list_is_a_tree_of_the_own_scope(place, office, worker):
    def names(client, query=""):
        return [grid.code for grid in client.get(page("grid_changelist") + query).context["cl"].result_list]

    everything = [g.code for g in Grid.objects.order_by("lft")]
    assert names(office) == everything
    way = [place.street.code, place.totals[0].code, place.comprehensives[0].code, place.micros[0].code]
    assert names(worker) == way
    assert names(office, f"?q={place.micros[0].code}") == [place.micros[0].code]
    assert names(office, "?kind__exact=total") == [t.code for t in place.totals]
    assert names(office, f"?street={place.street.code}&in_force=1") == everything
    assert names(office, "?in_force=0") == []
    html = office.get(page("grid_changelist")).content.decode()
    assert 'data-level="3"' in html


def test_the_list_is_flat(place, office, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            office.get(page("grid_changelist"))
        assert not any('"grids_grid"."border"' in query["sql"] for query in queries)
        return len(queries)

    few = cost()
    make_street("990101002")
    actions.found_grid(parent=place.street, kind="total", name="新", by=make_user(Role.SYSTEM_ADMIN), at=MONDAY)
    assert cost() == few


def test_a_worker_reads_the_own_grid_with_its_map(place, worker):
    grid = place.micros[0]
    draw(grid, square())
    draw(place.micros[1], square(118.01))
    answer = worker.get(page("grid_change", grid.pk))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-grid-map="map"' in html
    assert 'name="name"' not in html
    assert worker.post(page("grid_change", grid.pk), change_form(grid, name="我的")).status_code == 403
    elsewhere = make_street("990101009")
    assert worker.get(page("grid_change", elsewhere.micros[0].pk)).status_code == 302  # Django's "doesn't exist"


def test_the_backdrop_of_one_grid_stays_on_its_page(place, office):
    """The widget is a class attribute of the form: what was put on it for one request must not show in the next."""
    draw(place.micros[0], square())
    draw(place.micros[1], square(118.01))
    shown = office.get(page("grid_change", place.micros[0].pk)).context["adminform"].form
    assert [layer.label for layer in shown.fields["border"].widget.backdrop] == [place.micros[1].name]
    blank = office.get(page("grid_add")).context["adminform"].form
    assert blank.fields["border"].widget.backdrop == []


def test_no_geodjango_anywhere(place, office):
    office.get(page("grid_change", place.micros[0].pk))
    assert {"leaflet.forms", "leaflet.admin", "django.contrib.gis"}.isdisjoint(sys.modules)


# --- writing ---------------------------------------------------------------------------------------------------------


def test_founding(place, office):
    sent = {
        "kind": "micro", "micro_type": "resident", "parent": place.comprehensives[0].pk, "code": "", "name": "三号",
        "households": 40, "valid_from": "2026-09-07", "border": json.dumps(square()),
    }  # fmt: skip
    answer = office.post(page("grid_add"), sent)
    made = Grid.objects.get(name="三号")
    assert answer.status_code == 302
    assert (made.code, made.border) == (f"{place.comprehensives[0].code}003", square())
    assert Record.objects.get(verb="grids.founded").subject_id == made.pk


def test_a_refusal_keeps_what_was_typed(place, office):
    sent = {"kind": "micro", "parent": place.totals[0].pk, "code": "", "name": "三号", "valid_from": "2026-09-07"}
    answer = office.post(page("grid_add"), sent)
    assert answer.status_code == 200
    assert "parent" in answer.context["adminform"].form.errors
    assert 'value="三号"' in answer.content.decode()
    assert Grid.objects.filter(name="三号").count() == 0


def test_changing_moving_drawing_retiring(place, office):
    grid = place.comprehensives[0]
    address = page("grid_change", grid.pk)
    sent = change_form(grid, name="新名", parent=place.totals[1].pk, border=json.dumps(square()))
    assert office.post(address, sent).status_code == 302
    grid.refresh_from_db()
    assert (grid.name, grid.parent, grid.border) == ("新名", place.totals[1], square())
    verbs = list(Record.objects.filter(subject_id=grid.pk, subject_type="grids.grid").values_list("verb", flat=True))
    assert verbs == ["grids.changed", "grids.moved", "grids.border_set"]
    assert office.post(address, change_form(grid, border="")).status_code == 302
    micro = place.micros[0]
    heir = place.micros[1].pk
    sent = change_form(micro, valid_to="2026-09-07", superseded_by=heir)
    assert office.post(page("grid_change", micro.pk), sent).status_code == 302
    micro.refresh_from_db()
    assert (micro.valid_to.isoformat(), micro.superseded_by_id) == ("2026-09-07", heir)
    assert (
        office.post(page("grid_change", micro.pk), change_form(micro, valid_to="", superseded_by="")).status_code == 302
    )
    micro.refresh_from_db()
    assert micro.valid_to is None
    grid.refresh_from_db()
    assert grid.border is None


def test_one_refused_part_undoes_the_whole_save(place, office):
    grid = place.comprehensives[0]
    answer = office.post(page("grid_change", grid.pk), change_form(grid, name="新名", valid_to="2026-09-07"))
    assert answer.status_code == 200
    assert len(answer.context["adminform"].form.non_field_errors()) == 1
    grid.refresh_from_db()
    assert (grid.name, grid.valid_to) == ("网格001001", None)
    assert Record.objects.filter(verb="grids.changed").count() == 0


def test_nothing_changed_records_nothing(place, office):
    draw(place.micros[0], square())
    place.micros[0].refresh_from_db()
    sent = change_form(place.micros[0], border=json.dumps(square()).replace("32.0,", "32,"))
    assert office.post(page("grid_change", place.micros[0].pk), sent).status_code == 302
    assert Record.objects.filter(verb__in=["grids.changed", "grids.moved"]).count() == 0
    assert Record.objects.filter(verb="grids.border_set").count() == 1


def test_posts(place, office):
    newcomer = make_user()
    sent = {"user": newcomer.username, "kind": "grid_worker_ft", "grid": place.micros[0].pk, "valid_from": "2026-09-07"}
    assert office.post(page("post_add"), sent).status_code == 302
    post = Post.objects.get(user=newcomer)
    assert office.post(page("post_do", post.pk, "end"), {"valid_to": "2026-09-08"}).status_code == 302
    post.refresh_from_db()
    assert post.valid_to.isoformat() == "2026-09-08"
    answer = office.post(page("post_add"), {**sent, "user": "nobody"})
    assert "user" in answer.context["adminform"].form.errors
    assert Post.objects.filter(kind="grid_worker_ft").count() == 1


def test_units(place, office):
    sent = {"name": "供水公司", "kind": "utility", "aliases": "自来水、水司", "area_prefix": "990101"}
    assert office.post(page("unit_add"), sent).status_code == 302
    unit = Unit.objects.get(name="供水公司")
    assert unit.aliases == ["自来水", "水司"]
    assert office.post(page("unit_change", unit.pk), {**sent, "phone": "12345678901"}).status_code == 302
    unit.refresh_from_db()
    assert (unit.phone, unit.is_active) == ("12345678901", False)  # an unticked switch sends nothing
    other = make_unit(area_prefix="990101001")
    answer = office.post(page("unit_change", other.pk), sent)
    assert "name" in answer.context["adminform"].form.errors
    assert office.get(page("unit_add")).context["adminform"].form.initial["area_prefix"] == place.street.code
    everywhere = page("unit_change", make_unit().pk)
    assert office.get(everywhere).status_code == 200
    assert office.post(everywhere, sent).status_code == 403


def test_party_organisations(place, office):
    root = PartyOrg.objects.create(kind="work_committee", name="工委", street=place.street, valid_from=LONG_AGO)
    lead = make_user(Role.TOTAL_LEAD)
    sent = {
        "kind": "community_committee", "parent": root.pk, "street": "", "name": "党委", "grids": [place.totals[0].pk],
        "secretary": lead.username, "valid_from": "2026-09-07",
    }  # fmt: skip
    assert office.post(page("partyorg_add"), sent).status_code == 302
    org = PartyOrg.objects.get(name="党委")
    assert (org.parent, org.secretary, list(org.grids.all())) == (root, lead, [place.totals[0]])
    sent["grids"] = [place.micros[0].pk]
    answer = office.post(page("partyorg_add"), {**sent, "name": "别的"})
    assert "grids" in answer.context["adminform"].form.errors
    assert PartyOrg.objects.count() == 2


# --- pages -----------------------------------------------------------------------------------------------------------


def upload(client: Client, content: bytes, **more):
    file = SimpleUploadedFile("list.csv", content)
    return client.post(page("grid_take_in"), {"file": file, **more})


def test_importing():
    admin = sign_in(make_user(Role.SYSTEM_ADMIN))
    assert admin.get(page("grid_take_in")).status_code == 200
    assert upload(admin, CSV.encode(), dry_run="on").status_code == 200
    assert Grid.objects.count() == 0
    assert upload(admin, CSV.encode()).status_code == 302
    assert Grid.objects.count() == 6
    bad = upload(admin, CSV.replace("微网格,居民", "微网,居民").encode("gbk"))
    assert (bad.status_code, bad.context["count"]) == (400, 1)
    assert upload(admin, b"x").status_code == 400
    assert upload(admin, CSV.encode(), dry_run="on").context["faults"] == []


def test_importing_is_for_those_who_tend(place, worker):
    assert worker.get(page("grid_take_in")).status_code == 403
    assert upload(worker, CSV.encode()).status_code == 403
    assert worker.get(page("grid_give_template")).status_code == 403


def test_files(place, office, worker):
    table = tablib.Dataset().load(io.BytesIO(office.get(page("grid_write_out")).content), format="xlsx")
    assert table["网格编码"] == [g.code for g in Grid.objects.order_by("code")]
    answer = worker.get(page("grid_write_out") + "?format=csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.decode("utf-8-sig").count("\n") == 5
    assert answer["Content-Disposition"].endswith('.csv"')
    assert office.get(page("grid_give_template")).content.startswith(b"PK")


def test_the_coverage_page(place, office, worker):
    parent = place.comprehensives[0]
    draw(parent, square(side=0.02))
    draw(place.micros[0], square())
    answer = office.get(page("grid_show_coverage", parent.pk))
    assert [(style, patch.codes) for style, _word, patch in answer.context["patches"]] == [
        ("gap", (place.micros[0].code,))
    ]
    assert place.micros[1].code in answer.content.decode()
    assert worker.get(page("grid_show_coverage", parent.pk)).status_code == 200
    elsewhere = make_street("990101009")
    for key in (elsewhere.street.pk, 999999, "x"):
        assert office.get(page("grid_show_coverage", key)).status_code == 404


def test_names_are_text_on_the_map(place, office):
    """A name with markup reaches the page escaped, inside JSON that can't end its script."""
    nasty = "</script><script>alert(1)</script>"
    Grid.objects.filter(pk=place.micros[1].pk).update(name=nasty)
    draw(place.micros[0], square())
    draw(place.micros[1], square(118.01))
    html = office.get(page("grid_change", place.micros[0].pk)).content.decode()
    assert nasty not in html
    assert "\\u003C/script\\u003E" in html
