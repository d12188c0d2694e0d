"""Published results: only what somebody has looked through, nothing of anybody, and gone at once when taken back."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from cases import actions
from cases.actions.pictures import for_everybody
from cases.actions.publishing import LATELY, publish_due
from cases.choices import Score
from cases.models import Case, Photo, Publication, Rating
from cases.reports.published import FEWEST_RATINGS, published, satisfaction
from gridgov.core.errors import Conflict, Forbidden, Invalid
from gridgov.core.models import Record
from grids.actions import set_public_page
from tests.cases.closing import CLOSED, DAY, REPLY, again, walk
from tests.cases.test_blurring import FACE, stripes
from tests.factories import Cast, make_cast, make_category

pytestmark = pytest.mark.django_db
NAME, PHONE, TOLD = "欧阳春雷", "13812345678", "三单元的住户举报"
TITLE = "楼道堆物清理"


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


@pytest.fixture
def cast(own_media) -> Cast:
    made = make_cast()
    made.category.change(public=True)
    set_public_page(street=made.place.street, is_open=True, by=made.street, at=timezone.now())
    return made


@pytest.fixture
def case(cast) -> Case:
    """Closed, with everything in it that must not come out."""
    return walk(cast, "closed", REPLY, reporter_name=NAME, reporter_phone=PHONE, text=TOLD, title=f"{NAME}说的事")


def publish(case: Case, by, **given) -> Publication:
    values = {"title": TITLE, "text": REPLY, **given}
    return actions.publish_case(case=case.pk, **values, by=by, at=CLOSED + DAY)


def page(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def desk(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


# --- what everybody reads --------------------------------------------------------------------------------------------


def test_a_result_is_read_by_everybody_and_says_nothing_of_anybody(cast, case):
    publish(case, cast.lead)
    grid = cast.place.micros[0]
    pages = [page(f"/results/{case.no}/"), page("/results/"), page(f"/g/{grid.code}/")]
    assert all(TITLE in html for html in pages)
    assert REPLY in pages[0]
    for html in pages:
        for secret in (
            NAME,
            PHONE,
            PHONE[-4:],
            TOLD,
            cast.unit_staff.full_name,
            cast.lead.full_name,
            "已清理</",
            cast.unit.name,
        ):
            assert secret not in html
    assert pages[0].count("2026-09-07") == 5, "the five steps with their days"


def test_what_is_not_published_does_not_exist(cast, case):
    other = walk(cast, "closed", REPLY)
    publish(other, cast.lead)
    for no in (case.no, "1", "²", "0" * 14, "9" * 500, "%00", "..", "' or 1=1", other.no[:-1], f"{other.no}0"):
        page(f"/results/{no}/", 404)
    assert TITLE in page(f"/results/{other.no}/")
    assert case.no not in page("/results/")


def _take_back(cast, case):
    actions.unpublish_case(case=case.pk, reason="有人名", by=cast.lead, at=CLOSED + 2 * DAY)


def _close_pages(cast, case):
    set_public_page(street=cast.place.street, is_open=False, by=cast.street, at=timezone.now())


def _hide_category(cast, case):
    cast.category.change(public=False)


def _reopen(cast, case):
    actions.reopen_case(case=case.pk, reason="又堆了", by=cast.lead, at=CLOSED + 2 * DAY)


def _reopen_and_close(cast, case):
    _reopen(cast, case)
    Case.objects.filter(pk=case.pk).update(reply=REPLY)
    again(cast, case, CLOSED + 3 * DAY)


@pytest.mark.parametrize("over", [_take_back, _close_pages, _hide_category, _reopen, _reopen_and_close])
def test_a_result_vanishes(cast, case, over):
    publish(case, cast.lead)
    over(cast, case)
    page(f"/results/{case.no}/", 404)
    assert TITLE not in page("/results/")
    assert not published()


def test_it_can_be_published_again(cast, case):
    publish(case, cast.lead)
    _take_back(cast, case)
    publish(case, cast.total_lead, title="新标题")
    assert "新标题" in page(f"/results/{case.no}/")
    verbs = Record.objects.filter(subject_type="cases.case", subject_id=case.pk, verb__endswith="published").order_by(
        "seq"
    )
    assert list(verbs.values_list("verb", flat=True)) == ["cases.published", "cases.unpublished", "cases.published"]
    assert Publication.objects.get().by == cast.total_lead


# --- who, what, when -------------------------------------------------------------------------------------------------


def test_who_may_not_publish(cast, case):
    for who in (cast.worker, cast.unit_staff):
        with pytest.raises(Forbidden):
            publish(case, who)
    with pytest.raises(Case.DoesNotExist):
        publish(case, cast.outsider)
    publish(case, cast.lead)
    with pytest.raises(Forbidden):
        actions.unpublish_case(case=case.pk, reason="x", by=cast.worker, at=CLOSED + DAY)
    with pytest.raises(Invalid):
        actions.unpublish_case(case=case.pk, reason=" ", by=cast.lead, at=CLOSED + DAY)
    assert Publication.objects.get().withdrawn_at is None


def test_what_is_not_fit_for_publishing(cast, case):
    opened = walk(cast, "verified")
    secret = make_category("0799", public=False)
    private = walk(cast, "closed", REPLY, category=secret.code)
    silent = walk(cast, "closed", channel="grid_worker")
    before = Record.objects.count()
    for one in (opened, private, silent):
        with pytest.raises(Conflict):
            publish(one, cast.lead)
    with pytest.raises(Conflict):
        actions.unpublish_case(case=case.pk, reason="x", by=cast.lead, at=CLOSED + DAY)
    assert (Publication.objects.count(), Record.objects.count()) == (0, before)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"title": " "}, "invalid", "title"),
        ({"title": "长" * 61}, "invalid", "title"),
        ({"text": ""}, "invalid", "text"),
        ({"text": "长" * 2001}, "invalid", "text"),
        ({"text": "请联系13812345678", "looked": True}, "personal_data", "text"),
        ({"title": "身份证440102199001011234", "looked": True}, "personal_data", "text"),
        ({"text": f"已答复{NAME}"}, "not_looked", "looked"),
        ({"text": "已答复王先生"}, "not_looked", "looked"),
        ({"text": "3单元501室已清理"}, "not_looked", "looked"),
        ({"text": "粤A12345已移走"}, "not_looked", "looked"),
        ({"photos": [10**9]}, "invalid", "photos"),
    ],
)
def test_what_may_tell_whom_it_is_about_is_refused_or_asked_about(cast, case, given, code, field):
    with pytest.raises(Invalid) as caught:
        publish(case, cast.lead, **given)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert not Publication.objects.exists()


def test_what_somebody_has_looked_at_is_published(cast, case):
    publish(case, cast.lead, text="王师傅副食店门前已清理", looked=True)
    assert "王师傅副食店" in page(f"/results/{case.no}/")


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.fixture
def photos(cast):
    """A case closed with two pictures, the first with a covered face."""
    case = walk(cast, "verified", REPLY)
    made = [
        actions.add_photo(case=case.pk, kind=kind, upload=stripes(n), by=cast.unit_staff, at=timezone.now())
        for n, kind in enumerate(("before", "after"))
    ]
    actions.blur_photo(photo=made[0].pk, areas=[FACE], by=cast.lead, at=timezone.now())
    actions.close_case(case=case.pk, reply=REPLY, by=cast.lead, at=CLOSED)
    for one in made:
        one.refresh_from_db()
    return made


def test_pictures_are_released_one_by_one_with_their_covers(cast, photos, settings):
    covered, other = photos
    case = Case.objects.get(pk=covered.case_id)
    publish(case, cast.lead, photos=[covered.pk])
    url = reverse("result-photo", args=[case.no, covered.pk])
    assert url in page(f"/results/{case.no}/")
    answer = Client().get(url)
    # Without the line that tells who took it (cases.actions.marking).
    assert answer.content == for_everybody(covered.file) != for_everybody(covered.original)
    assert Image.open(io.BytesIO(answer.content)).height < covered.height
    Photo.objects.filter(pk=covered.pk).update(by=User.objects.door())
    assert Client().get(url).content == (Path(settings.MEDIA_ROOT) / covered.file).read_bytes()
    page(reverse("result-photo", args=[case.no, other.pk]), 404)
    page(reverse("result-photo", args=[case.no, 10**30]), 404)


def test_an_uncovered_picture_is_released_no_more(cast, photos):
    covered = photos[0]
    case = Case.objects.get(pk=covered.case_id)
    publish(case, cast.lead, photos=[covered.pk])
    actions.unblur_photo(photo=covered.pk, reason="看错了", by=cast.lead, at=timezone.now())
    page(reverse("result-photo", args=[case.no, covered.pk]), 404)
    assert "<img" not in page(f"/results/{case.no}/")


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_place_matter_and_month(cast, case):
    publish(case, cast.lead)
    group = cast.category.code[:2]
    micro, beside = cast.place.micros
    here = [
        f"?g={micro.code}",
        f"?g={cast.place.street.code}",
        f"?category={group}",
        "?month=2026-09",
        "?month=2026-13",
        "?g=²&category='",
    ]
    gone = [f"?g={beside.code}", "?g=123456789", "?category=9999", "?month=2026-08", "?month=2026-10"]
    assert all(TITLE in page(f"/results/{query}") for query in here)
    assert not any(TITLE in page(f"/results/{query}") for query in gone)
    for odd in ("?after=²", "?before=%20", "?after=" + "x" * 500, "?g=" + "9" * 400):
        page(f"/results/{odd}")


def test_the_list_is_flat_and_goes_on(cast):
    def more(count: int) -> None:
        for _n in range(count):
            publish(walk(cast, "closed", REPLY), cast.lead)

    def count() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            page("/results/")
        return len(caught)

    more(1)
    one = count()
    more(2)
    assert count() == one
    more(18)
    html = page("/results/")
    assert "after=" in html
    assert html.count(TITLE) == 20
    mark = html.split("after=")[1].split('"')[0].replace("&amp;", "&")
    assert page(f"/results/?after={mark}").count(TITLE) == 1


def test_of_few_ratings_nothing_is_told(cast):
    for number in range(FEWEST_RATINGS):
        case = walk(cast, "closed", REPLY)
        publish(case, cast.lead)
        score = Score.UNSATISFIED if number == 0 else Score.VERY
        Rating.objects.create(case=case, score=score, solved=True, text=TOLD, by=cast.lead, at=CLOSED)
        found = satisfaction(published())
        assert (found.total, found.share) == ((5, 80) if number == FEWEST_RATINGS - 1 else (0, None))
    assert dict(found.scores)[Score.VERY] == 4
    assert TOLD not in page("/results/"), "words of reporters are nobody's"


# --- by itself -------------------------------------------------------------------------------------------------------


def test_nothing_is_published_by_itself_unless_the_street_wants_it(cast, case):
    assert publish_due(by=cast.street, at=CLOSED + 30 * DAY) == 0


def test_what_is_harmless_is_published_after_some_days(cast, case):
    named = walk(cast, "closed", "已答复王先生，堆物已清理。")
    silent = walk(cast, "closed", channel="grid_worker")
    secret = walk(cast, "closed", REPLY, category=make_category("0799", public=False).code)
    back = walk(cast, "closed", REPLY)
    publish(back, cast.lead)
    _take_back(cast, back)
    set_public_page(street=cast.place.street, is_open=True, results_after=3, by=cast.street, at=timezone.now())
    assert publish_due(by=cast.street, at=CLOSED + 3 * DAY - dt.timedelta(seconds=1)) == 0
    assert publish_due(by=cast.street, at=CLOSED + 3 * DAY + LATELY) == 0, "that was too long ago"
    assert publish_due(by=cast.street, at=CLOSED + 3 * DAY) == 1
    assert publish_due(by=cast.street, at=CLOSED + 4 * DAY) == 0
    html = page(f"/results/{case.no}/")
    assert cast.category.name in html
    assert NAME not in html
    for one in (named, silent, secret, back):
        page(f"/results/{one.no}/", 404)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_days_that_cannot_be_waited(cast, days):
    with pytest.raises(Invalid):
        set_public_page(street=cast.place.street, is_open=True, results_after=days, by=cast.street, at=timezone.now())


# --- the desk --------------------------------------------------------------------------------------------------------


def test_the_desk_marks_what_may_tell_and_publishes(cast, case):
    Case.objects.filter(pk=case.pk).update(reply=f"已答复{NAME}女士")
    client = desk(cast.lead)
    url = f"/admin/cases/case/{case.pk}/do/publish/"
    assert f"name “{NAME}”" in client.get(url).content.decode()
    refused = client.post(url, {"title": TITLE, "text": f"已答复{NAME}女士"})
    assert (refused.status_code, Publication.objects.count()) == (400, 0)
    assert client.post(url, {"title": TITLE, "text": REPLY}).status_code == 302
    assert TITLE in client.get("/admin/cases/publication/").content.decode()
    assert desk(cast.outsider).get(url).status_code == 404
    assert desk(cast.worker).get(url).status_code == 403
    back = f"/admin/cases/case/{case.pk}/do/unpublish/"
    assert client.post(back, {"reason": "写错了"}).status_code == 302
    page(f"/results/{case.no}/", 404)
    assert desk(cast.worker).get("/admin/cases/publication/").status_code == 403
    assert TITLE not in desk(cast.outsider).get("/admin/cases/publication/").content.decode()
