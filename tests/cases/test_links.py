"""Addresses of pictures that hold for some minutes: for whom, for which file, and not for long."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiClient
from cases import actions
from cases.models import Photo
from cases.reports.links import LIFE, PHOTO, link_to
from tests.cases.desk import report
from tests.cases.test_api import jpeg, upload
from tests.factories import Cast, make_cast, make_client
from tests.openapi import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def photo_of(cast: Cast) -> Photo:
    case = report(cast)
    return actions.add_photo(case=case.pk, kind="before", upload=upload(jpeg()), by=cast.worker, at=timezone.now())


def test_what_the_case_shows_can_be_fetched_by_anybody_who_was_told(cast: Cast) -> None:
    photo = photo_of(cast)
    (shown,) = client_of(cast.street).get(f"/api/v1/cases/{photo.case_id}/").json()["photos"]
    assert dt.datetime.fromisoformat(shown["link_until"]) <= timezone.now() + LIFE
    for link in (shown["link"], shown["thumb_link"]):
        answer = Client().get(link)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Disposition"] == f'attachment; filename="{photo.pk}-{photo.stamp}.jpg"'
        assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"


def test_they_end(cast: Cast) -> None:
    photo = photo_of(cast)

    def status(at: dt.datetime | None = None, user: object = cast.street, stamp: str = photo.stamp) -> int:
        answer = Client().get(link_to(PHOTO, photo.pk, stamp, user=user, at=at or timezone.now()))  # type: ignore[arg-type]
        assert not answer.streaming or b"".join(answer.streaming_content)
        return answer.status_code

    assert status() == 200
    assert status(at=timezone.now() - LIFE) == 404
    assert status(user=cast.outsider) == 404
    assert status(stamp="00000000") == 404
    told = link_to(PHOTO, photo.pk, photo.stamp, user=cast.street, at=timezone.now())
    actions.blur_photo(photo=photo.pk, areas=[[0.1, 0.1, 0.5, 0.5]], by=cast.street, at=timezone.now())
    assert Client().get(told).status_code == 404
    photo.refresh_from_db()
    assert status(stamp=photo.stamp) == 200
    type(cast.street).objects.filter(pk=cast.street.pk).update(is_active=False)
    assert status(stamp=photo.stamp) == 404


def test_nobody_makes_one_up(cast: Cast) -> None:
    photo = photo_of(cast)
    told = link_to(PHOTO, photo.pk, photo.stamp, user=cast.street, at=timezone.now())
    for odd in (told[:-3] + "aa/", "/api/v1/files/²/", "/api/v1/files/W10:x/", f"/api/v1/files/{photo.pk}/"):
        assert Client().get(odd).status_code == 404


def test_they_end_with_the_system_they_were_made_for(cast: Cast) -> None:
    photo, now = photo_of(cast), timezone.now()
    client, _raw = make_client(["cases:read"], grid=cast.place.street)
    told = link_to(PHOTO, photo.pk, photo.stamp, user=client.user, at=now)
    answer = Client().get(told)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    ApiClient.objects.filter(pk=client.pk).update(expires_on=timezone.localdate(now) - dt.timedelta(days=1))
    assert Client().get(told).status_code == 404
    ApiClient.objects.filter(pk=client.pk).update(expires_on=None, is_active=False)
    assert Client().get(told).status_code == 404
