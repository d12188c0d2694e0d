"""Plates: which grids, what their codes lead to, and the PDF."""

import re

import pytest
import segno
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from grids import actions
from grids.forms.codes import code_of, runs
from grids.forms.plates import PlateOf, PlateSize, print_plates
from grids.models import Grid
from tests.factories import MONDAY, Cast, make_cast, make_user

pytestmark = pytest.mark.django_db
ORIGIN = "https://grid.example.gov.cn"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def links(content: bytes) -> list[str]:
    """Where the PDF's links lead, in order."""
    return [uri.decode() for uri in re.findall(rb"/URI \((.*?)\)", content)]


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", content))


def ask(user, **given):
    sent = {"kind": ["micro"], "size": "2x2", **given}
    return sign_in(user).get(reverse("admin:grids_publicpage_plates"), sent)


def test_a_code_holds_the_address_and_nothing_else():
    address = f"{ORIGIN}/g/990101001001001001/"
    matrix = code_of(address)
    assert matrix == tuple(segno.make(address, micro=False, error="q").matrix)
    assert segno.make_qr(address, error="q").mode == "byte"
    assert len(matrix) == len(matrix[0]) and set(b"".join(matrix)) == {0, 1}


def test_runs_are_the_dark_modules():
    matrix = code_of(ORIGIN)
    for modules in matrix:
        drawn = [0] * len(modules)
        for first, length in runs(modules):
            drawn[first : first + length] = [1] * length
        assert drawn == list(modules)


@pytest.mark.parametrize(("size", "count", "wanted"), [("1x1", 3, 3), ("1x2", 3, 2), ("2x2", 5, 2), ("3x3", 9, 1)])
def test_so_many_share_a_page(size, count, wanted):
    made = [
        PlateOf(f"第{number}微网格" * 6, "和平社区 · 第一网格", f"{number}", f"{ORIGIN}/g/{number}/")
        for number in range(count)
    ]
    content = print_plates(made, size, phone="010-12345678", words="有事找网格" * 30)
    assert content.startswith(b"%PDF-") and pages(content) == wanted
    assert links(content) == [plate.address for plate in made]


def test_every_size_is_so_many_across_and_down():
    assert all(re.fullmatch(r"[1-3]x[1-3]", size.value) for size in PlateSize)


def test_the_office_prints_what_it_oversees(cast, settings):
    settings.PUBLIC_ORIGIN = ORIGIN
    answer = ask(cast.street, at=cast.place.street.code)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert links(answer.content) == [f"{ORIGIN}/g/{micro.code}/" for micro in cast.place.micros]
    answer = ask(cast.street, at=cast.place.totals[0].code, kind=["total", "comprehensive"], size="1x1")
    assert links(answer.content) == [
        f"{ORIGIN}/g/{grid.code}/" for grid in (cast.place.totals[0], cast.place.comprehensives[0])
    ]
    assert len(links(ask(cast.lead, at=cast.place.comprehensives[0].code).content)) == 2
    micro = cast.place.micros[1]
    assert links(ask(cast.street, at=micro.code, size="1x1").content) == [f"{ORIGIN}/g/{micro.code}/"]
    settings.PUBLIC_ORIGIN = ""
    content = ask(cast.street, at=cast.place.street.code).content
    assert links(content)[0] == f"http://testserver/g/{cast.place.micros[0].code}/"


def test_the_page_warns_while_nothing_is_public(cast):
    url = reverse("admin:grids_publicpage_plates")
    answer = sign_in(cast.street).get(url)
    assert (answer.status_code, answer.context["open"]) == (200, False)
    actions.set_public_page(street=cast.place.street, is_open=True, by=cast.street, at=MONDAY)
    answer = sign_in(cast.street).get(url)
    assert answer.context["open"] is True
    assert [code for code, _name in answer.context["places"]] == [cast.place.street.code, cast.place.totals[0].code]
    assert sign_in(make_user(Role.STREET)).get(url).context["places"] == []


def test_the_way_from_a_grid(cast):
    grid = cast.place.comprehensives[0]
    url = reverse("admin:grids_grid_plate", args=[grid.pk])
    answer = sign_in(cast.lead).get(url)
    assert answer["Location"] == f"{reverse('admin:grids_publicpage_plates')}?at={grid.code}&kind=comprehensive"
    page = sign_in(cast.lead).get(answer["Location"])
    assert (page.status_code, page.context["form"].initial) == (200, {"at": grid.code, "kind": ["comprehensive"]})
    assert sign_in(cast.worker).get(url).status_code == 403
    assert sign_in(cast.outsider).get(url).status_code == 404


def test_refusals(cast, monkeypatch):
    for given in ({"at": "1"}, {"at": cast.place.street.code, "kind": ["street"]}, {"size": "9x9"}, {"at": "²"}):
        assert ask(cast.street, **{"at": cast.place.street.code, **given}).status_code == 400
    for grid in (cast.place.street, cast.place.micros[0]):
        assert ask(cast.outsider, at=grid.code).status_code == 400
    assert ask(cast.lead, at=cast.place.street.code).status_code == 400
    assert ask(cast.street, at=cast.place.street.code, kind=["dedicated"]).status_code == 400
    from grids.admin import disclosures

    monkeypatch.setattr(disclosures, "MOST_PLATES", 1)
    answer = ask(cast.street, at=cast.place.street.code)
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    for user in (cast.worker, make_user(Role.AUDITOR)):
        assert ask(user, at=cast.place.street.code).status_code == 403
    assert Client().get(reverse("admin:grids_publicpage_plates")).status_code == 302


def test_printing_costs_the_same_for_many(cast, django_assert_max_num_queries):
    for number in range(6):
        Grid.objects.create(
            code=f"{cast.place.comprehensives[0].code}{200 + number}", kind="micro", micro_type="resident",
            parent=cast.place.comprehensives[0], name=f"新{number}", valid_from=MONDAY.date(),
        )  # fmt: skip
    office, sent = sign_in(cast.street), {"at": cast.place.street.code, "kind": "micro", "size": "3x3"}
    with django_assert_max_num_queries(10):
        content = office.get(reverse("admin:grids_publicpage_plates"), sent).content
    assert len(links(content)) == 8
