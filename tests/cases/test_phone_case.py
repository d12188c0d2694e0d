"""A case on the telephone: what it shows to whom, every move of it, and what comes out of an outbox hours later."""

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import actions
from cases.models import Case
from cases.views.phone.case import AT_THE_DESK, PHONE_VERBS
from gridgov.core.models import KeptAnswer, Record
from grids.models import Binding, Post
from tests.cases.desk import desk, walk
from tests.cases.test_admin_verbs import NOT_THEIRS, WAY, bring_into_sight, filled, snapshot
from tests.cases.test_api import jpeg
from tests.factories import Cast, make_cast, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
# A return is an application; those have tests of their own.
ON_THE_PHONE = [row for row in WAY if row[0] != "return"]
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def page_of(case: Case) -> str:
    return reverse("m-case", args=[case.pk])


def move_of(case: Case, verb: str) -> str:
    return reverse("m-case-do", args=[case.pk, verb])


def photo(n: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", jpeg((40 + n, 30)), "image/jpeg")


def send(client: Client, case: Case, verb: str, key: str = "", **given: Any) -> Any:
    """As the outbox sends it."""
    return client.post(move_of(case, verb), given, HTTP_IDEMPOTENCY_KEY=key or str(uuid.uuid4()), **JSON)


@pytest.mark.parametrize(("verb", "start", "who", "given", "end"), ON_THE_PHONE)
def test_a_move_does_what_its_button_says(
    cast: Cast, verb: str, start: str, who: str, given: dict[str, Any], end: str
) -> None:
    case, client = walk(cast, start), desk(getattr(cast, who))
    assert move_of(case, verb) in client.get(page_of(case)).content.decode()
    assert client.get(move_of(case, verb)).status_code == 200
    answer = client.post(move_of(case, verb), filled(cast, given))
    assert (answer.status_code, answer["Location"]) == (302, page_of(case))
    case.refresh_from_db()
    assert case.state == end


@pytest.mark.parametrize(("verb", "start", "who", "given", "end"), ON_THE_PHONE)
def test_wrong_hands_are_refused_and_nothing_changes(
    cast: Cast, verb: str, start: str, who: str, given: dict[str, Any], end: str
) -> None:
    case = walk(cast, start)
    bring_into_sight(cast, case)
    before = snapshot(case)
    for name in NOT_THEIRS[verb]:
        client = desk(getattr(cast, name))
        page = client.get(page_of(case))
        assert page.status_code == 200 and move_of(case, verb) not in page.content.decode(), name
        assert client.get(move_of(case, verb)).status_code == 403, name
        assert client.post(move_of(case, verb), filled(cast, given)).status_code == 403, name
    for stranger, status in ((desk(cast.outsider), 404), (desk(make_user("auditor")), 403), (Client(), 302)):
        for address in (page_of(case), move_of(case, verb)):
            assert stranger.get(address).status_code == status
        assert stranger.post(move_of(case, verb), filled(cast, given)).status_code == status
    assert snapshot(case) == before


def test_what_needs_room_is_left_to_the_desk(cast: Cast) -> None:
    case, client = walk(cast, "handling"), desk(cast.street)
    for name in [*sorted(AT_THE_DESK), "nothing"]:
        assert client.get(move_of(case, name)).status_code == 404, name
        assert client.post(move_of(case, name)).status_code == 404, name
    assert AT_THE_DESK.isdisjoint(PHONE_VERBS)


def test_completing_from_the_outbox_is_done_once_with_its_photos(cast: Cast) -> None:
    case, client, key = walk(cast, "handling"), desk(cast.unit_staff), str(uuid.uuid4())
    given = {"result": "已清理", "outcome": "solved", "reply": ""}
    first = send(client, case, "complete", key, **given, photos=[photo(1), photo(2)])
    assert (first.status_code, first.json()["url"]) == (201, page_of(case))
    again = send(client, case, "complete", key, **given, photos=[photo(1), photo(2)])
    assert again.json() == first.json()
    case.refresh_from_db()
    assert (case.state, case.photos.filter(kind="after").count()) == ("completed", 2)
    assert Record.objects.filter(subject_type="cases.case", subject_id=case.pk, verb="cases.completed").count() == 1


def test_a_photo_that_is_none_leaves_the_case_and_the_other_photos_as_they_were(cast: Cast) -> None:
    case, client = walk(cast, "handling"), desk(cast.unit_staff)
    before = snapshot(case)
    bad = SimpleUploadedFile("b.jpg", b"GIF89a<script>", "image/jpeg")
    answer = send(client, case, "complete", result="已清理", outcome="solved", photos=[photo(1), bad])
    assert answer.status_code == 400 and answer.json()["errors"][0]["attr"] == "photos"
    assert snapshot(case) == before and not case.photos.exists()


def test_a_photo_that_the_category_needs_is_asked_for_with_the_reason(cast: Cast) -> None:
    case, client = walk(cast, "handling"), desk(cast.unit_staff)
    case.category.needs_photo = True
    case.category.save()
    assert (
        str(_("This category needs a photo taken afterwards."))
        in client.get(move_of(case, "complete")).content.decode()
    )
    answer = client.post(move_of(case, "complete"), {"result": "已清理", "outcome": "solved"})
    assert answer.status_code == 400 and "已清理" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "handling"


def test_who_comes_second_is_told_what_changed_and_keeps_the_words(cast: Cast) -> None:
    case, client = walk(cast, "handling"), desk(cast.unit_staff)
    seen = client.get(move_of(case, "complete")).context["seen"]
    actions.supervise_case(case=case.pk, text="请说明进展", by=cast.street, at=timezone.now())
    given = {"result": "已清理", "outcome": "solved", "seen": seen}
    answer = client.post(move_of(case, "complete"), given)
    page = answer.content.decode()
    assert answer.status_code == 409 and "已清理" in page and str(cast.street) in page
    assert send(client, case, "complete", **given).json()["errors"][0]["code"] == "overtaken"
    case.refresh_from_db()
    assert case.state == "handling"
    # What only adds fits still, and so does what is sent again by whoever has seen the news.
    assert send(client, case, "progress", note="到场", seen=seen).status_code == 201
    assert client.post(move_of(case, "complete"), {**given, "seen": answer.context["seen"]}).status_code == 302


def test_whoever_comes_too_late_is_told(cast: Cast) -> None:
    case, client = walk(cast, "completed"), desk(cast.unit_staff)
    before = snapshot(case)
    late = client.get(move_of(case, "complete"), follow=True)
    assert late.redirect_chain == [(page_of(case), 302)] and case.no in late.content.decode()
    answer = send(client, case, "complete", result="又清了一遍", outcome="solved")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "illegal_move")
    assert snapshot(case) == before


def test_the_reporter_is_masked_until_looked_at_for_a_reason(cast: Cast) -> None:
    case = walk(cast, "handling", reporter_name="王小明", reporter_phone="13800000001")
    client = desk(cast.unit_staff)
    page = client.get(page_of(case)).content.decode()
    assert "王小明" not in page and "13800000001" not in page and "138****0001" in page
    refused = client.post(move_of(case, "reveal"), {"reason": " "})
    assert refused.status_code == 400 and "13800000001" not in refused.content.decode()
    shown = client.post(move_of(case, "reveal"), {"reason": "约上门时间"})
    assert (
        shown.status_code == 200 and "tel:13800000001" in shown.content.decode() and "王小明" in shown.content.decode()
    )
    assert shown["Cache-Control"] == "no-store"
    assert Record.objects.filter(verb="cases.revealed", actor=cast.unit_staff).count() == 1
    assert not KeptAnswer.objects.filter(body__icontains="13800000001").exists()


def test_bound_workers_can_be_phoned_and_called(cast: Cast) -> None:
    specialist = Post.objects.get(user=cast.unit_staff)
    Post.objects.filter(pk=specialist.pk).update(kind="specialist_worker")
    Binding.objects.create(post=specialist, grid=cast.place.totals[0], valid_from="2020-01-01")
    case = walk(cast, "accepted")
    page = desk(cast.lead).get(page_of(case)).content.decode()
    assert f"{move_of(case, 'call')}?people={cast.unit.pk}:{cast.unit_staff.pk}" in page
    form = desk(cast.lead).get(move_of(case, "call"), {"people": f"{cast.unit.pk}:{cast.unit_staff.pk}"})
    assert form.status_code == 200 and "checked" in form.content.decode()


@pytest.mark.parametrize("address", ["/m/cases/9999999999999999999999/", "/m/cases/0/", "/m/cases/0/do/complete/"])
def test_what_is_not_there_is_not_found(cast: Cast, address: str) -> None:
    client = desk(cast.worker)
    assert client.get(address).status_code == 404
    assert client.post(address, {"result": "\0"}).status_code in {404, 405}


@pytest.mark.parametrize("verb", ["progress", "complete", "reveal", "call", "photo"])
def test_nonsense_is_told_and_changes_nothing(cast: Cast, verb: str) -> None:
    case, client = walk(cast, "handling"), desk(cast.unit_staff)
    before = snapshot(case)
    nonsense = {
        "note": "\0", "result": "x" * 3000, "outcome": "²", "reason": "", "units": "²", "people": "1:2:3", "whistle": "²",
        "seen": "²", "kind": "²", "photos": io.BytesIO(b""), "uploads": "photos:²",
    }  # fmt: skip
    assert client.post(move_of(case, verb), nonsense).status_code in {400, 403, 409}
    assert client.post(move_of(case, verb), nonsense, HTTP_IDEMPOTENCY_KEY="²", **JSON).status_code in {400, 403, 409}
    assert snapshot(case) == before


def test_the_page_costs_the_same_however_long_the_history(cast: Cast) -> None:
    case, client = walk(cast, "handling"), desk(cast.unit_staff)
    client.get(page_of(case))
    with CaptureQueriesContext(connection) as short:
        client.get(page_of(case))
    for n in range(3):
        actions.note_progress(case=case.pk, note=f"进展{n}", by=cast.unit_staff, at=timezone.now())
    with CaptureQueriesContext(connection) as long:
        client.get(page_of(case))
    assert len(long) == len(short) <= 14
