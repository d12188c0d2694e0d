"""Needs, projects, shifts, sign-ups and governance posts by API: each answer against the schema, other systems by their scopes."""

import datetime as dt

import pytest
from django.utils import timezone

from tests.clients.kit import asker
from tests.factories import Cast, make_client
from tests.openapi import client_of
from tests.volunteers.people import make_project, make_shift, make_volunteer
from volunteers.models import Claim, GovernancePost, Need, Project, Shift, SignUp

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
API = "/api/v1"


def test_a_project_from_need_to_closed_shift(cast: Cast) -> None:
    lead, code, now = client_of(cast.lead), cast.place.comprehensives[0].code, timezone.now()

    def post(url: str, status: int = 200, client: object = lead, **given: object) -> dict:
        answer = client.post(f"{API}/{url}/", given, format="json")  # type: ignore[attr-defined]
        assert answer.status_code == status, answer.content
        return dict(answer.json()) if isinstance(answer.json(), dict) else {"rows": answer.json()}

    post("needs", 400, grid=code, words="找13912345678")
    post("needs", 400, grid="990101009", words="陪同")
    need = post("needs", 201, grid=code, words="陪同就医", skill="care")
    project = post("projects", 201, grid=code, title="助老", skills=["care"])
    post(f"needs/{need['id']}/take-up", project=project["id"])
    post(f"projects/{project['id']}/open")
    begins = (now + 30 * HOUR).isoformat()
    plan = {"starts_at": begins, "ends_at": (now + 31 * HOUR).isoformat(), "capacity": 1, "place": "活动室"}
    shift = post(f"projects/{project['id']}/plan", 201, **plan)["rows"][0]
    volunteer, other = make_volunteer(cast.place.micros[0], skills=["care"]), make_volunteer(cast.place.micros[0])
    fitting = lead.get(f"{API}/shifts/{shift['id']}/fitting/").json()
    assert [(row["volunteer"], row["near"], row["skills"]) for row in fitting] == [
        (volunteer.no, 3, ["care"]),
        (other.no, 3, []),
    ]
    own = client_of(volunteer.user)
    assert own.get(f"{API}/shifts/{shift['id']}/fitting/").status_code == 403
    row = post(f"shifts/{shift['id']}/join", 201, own)
    post(f"shifts/{shift['id']}/join", 409, own)
    post(f"shifts/{shift['id']}/join", 409)
    down = post(f"shifts/{shift['id']}/put-down", volunteers=[other.no, volunteer.no])
    assert ([one["state"] for one in down["signed_up"]], [one["volunteer"] for one in down["left_out"]]) == (
        ["waiting"],
        [volunteer.no],
    )
    post(f"shifts/{shift['id']}/put-down", 400, volunteers=["V9999999"])
    post(f"sign-ups/{row['id']}/cancel", client=own, reason="有事")
    Shift.objects.update(starts_at=now - HOUR / 4, ends_at=now + HOUR)
    second = SignUp.objects.get(volunteer=other)
    post(f"sign-ups/{second.pk}/check-in", 400, client_of(other.user))
    post(f"sign-ups/{second.pk}/check-in", client=client_of(other.user), key=str(Shift.objects.get().key))
    post(f"sign-ups/{second.pk}/check-out", client=client_of(other.user))
    Shift.objects.update(starts_at=now - 3 * HOUR, ends_at=now - HOUR)
    minutes = [{"sign_up": second.pk, "minutes": 121}]
    post(f"shifts/{shift['id']}/close", 400, minutes=minutes)
    assert post(f"shifts/{shift['id']}/close", minutes=[{"sign_up": second.pk, "minutes": 90}])["state"] == "closed"
    post(f"needs/{need['id']}/meet")
    assert post(f"projects/{project['id']}/end")["state"] == "ended"
    assert (Need.objects.get().state, Project.objects.get().state) == ("met", "ended")
    # The own sign-ups are all that a volunteer reads, and nobody's name.
    seen = own.get(f"{API}/sign-ups/").json()["results"]
    assert [one["id"] for one in seen] == [row["id"]]
    assert volunteer.name not in lead.get(f"{API}/sign-ups/").content.decode()


def test_posts_and_other_systems(cast: Cast) -> None:
    code = cast.place.comprehensives[0].code
    rider = make_volunteer(cast.place.micros[0], kind="new_employment")
    own, lead = client_of(rider.user), client_of(cast.lead)
    made = lead.post(
        f"{API}/governance-posts/", {"grid": code, "name": "观察员", "duty": "上报", "place": "桃园路"}, format="json"
    )
    page = f"{API}/governance-posts/{made.json()['id']}"
    assert own.post(f"{page}/claim/").json()["kept"] == 1
    assert own.post(f"{page}/claim/").status_code == 409
    assert lead.post(f"{page}/end-claim/", {"volunteer": rider.no, "reason": "调整"}, format="json").json()["kept"] == 0
    assert lead.post(f"{page}/end-claim/", {"volunteer": rider.no, "reason": "调整"}, format="json").status_code == 409
    assert lead.post(f"{page}/switch/", {"is_open": False}, format="json").json()["is_open"] is False
    assert own.post(f"{page}/switch/", {"is_open": True}, format="json").status_code in {403, 404}
    assert (Claim.objects.get().until is not None, GovernancePost.objects.get().is_open) == (True, False)
    shift = make_shift(make_project(cast.place.comprehensives[0], cast.lead), timezone.now() + HOUR)
    reads = asker(make_client(scopes=["volunteers:read"], grid=cast.place.street)[1])
    assert reads.get(f"{API}/shifts/").json()["results"][0]["id"] == shift.pk
    assert reads.post(f"{API}/shifts/{shift.pk}/cancel/", {"reason": "雨"}, format="json").status_code == 403
    nothing = asker(make_client(scopes=["cases:read"], grid=cast.place.street)[1])
    assert nothing.get(f"{API}/shifts/").status_code == 403
    assert Shift.objects.get().state == "open"
