"""The sidebar, made for the role; the entrance; every verb has a name."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accounts.choices import DESK_ROLES, Role
from accounts.models import User
from gridgov import words
from tests.cases.desk import desk, page_of, report
from tests.factories import Cast, make_cast, make_user
from tests.house.source import ROOMS

pytestmark = pytest.mark.django_db
CASE_PEOPLE = ("street", "total_lead", "lead", "worker", "other_worker", "unit_staff", "outsider")


@pytest.fixture
def cast() -> Cast:
    return make_cast("B")


def first_page(user: User) -> Any:
    answer = desk(user).get("/admin/")
    assert answer.status_code == 200
    return answer


def test_each_role_has_its_own_sidebar(cast: Cast) -> None:
    def pages(user: User) -> list[str]:
        groups = first_page(user).context["sidebar_navigation"]
        return [urlsplit(item["link"]).path.removeprefix("/admin/") for group in groups for item in group["items"]]

    groups = first_page(cast.street).context["sidebar_navigation"]
    assert [group["open"] for group in groups] == [True, True, *[False] * (len(groups) - 2)]
    inside = desk(cast.street).get("/admin/grids/grid/").context["sidebar_navigation"]
    assert [str(group["title"]) for group in inside if group["open"]][1:] == ["案件", "网格与人员"]
    assert all(group["open"] for group in first_page(make_user(Role.SECURITY_ADMIN)).context["sidebar_navigation"])
    both = ["", "accounts/notice/"]
    cases = [
        "accounts/download/",
        "accounts/delegation/",
        "cases/case/add/",
        "cases/case/",
        "cases/application/",
        "cases/pause/",
    ]
    figures, kept = (
        ["map/", "cases/frozenfigures/dashboard/"],
        ["cases/category/", "cases/policy/", "cases/approvalrule/"],
    )
    ground = [
        "grids/grid/", "grids/post/", "grids/binding/", "grids/gridnotice/", "grids/grouplink/", "grids/unit/",
    ]  # fmt: skip
    library = ["resources/resource/", "resources/service/month/"]
    volunteers = [
        f"volunteers/{page}/"
        for page in (
            "shift/organising", "project", "shift", "need", "governancepost", "volunteer", "squad", "hoursentry", "appeal",
            "pointsentry", "pointsrule", "station", "good", "redemption", "feedback", "panel", "certificate", "objection",
            "issuer", "panel/figures",
        )
    ]  # fmt: skip
    mediation = [
        f"mediation/{page}/"
        for page in (
            "mediation/mine",
            "mediation",
            "room/calendar",
            "committee",
            "mediator",
            "expert",
            "room",
            "committee/figures",
        )
    ]
    assert pages(cast.worker) == [*both, *cases, "map/", *kept, *ground, *library, "volunteers/panel/", *mediation]
    assert pages(make_user(Role.MEDIATOR)) == [*both, *mediation]
    terms = ["privacy/retention/", "privacy/hold/", "privacy/lift/"]
    assert pages(cast.street) == [
        *both, *cases, "cases/publication/", *figures, *kept, "grids/grid/", "grids/redrawing/", "grids/post/by-grid/", "grids/binding/",
        "grids/partyorg/", "grids/duty/", "grids/publicpage/", "cases/streetphrase/",
        "grids/gridnotice/", "grids/grouplink/", "grids/unit/", *library,
        "fieldwork/dailyreport/day/", "fieldwork/patrol/", "fieldwork/visit/", "fieldwork/needlesswork/",
        *volunteers, *mediation, "mediation/template/", "privacy/request/", *terms, "privacy/assessment/",
        "integrations/partner/", "integrations/partnerorder/", "integrations/inbound/", "integrations/partnercode/",
        "integrations/outbound/", "integrations/partnerfile/", "integrations/refusedmessage/", "integrations/channel/",
        "integrations/message/",
        "setup/", "doctor/", "core/calendarday/year/", "core/job/",
    ]  # fmt: skip
    assert pages(make_user(Role.AUDITOR)) == [
        *both,
        "privacy/request/",
        *terms,
        "privacy/look/",
        "privacy/assessment/",
        "accounts/apiclient/",
        "integrations/partner/",
        "integrations/partnerorder/",
        "integrations/inbound/",
        "integrations/partnercode/",
        "integrations/outbound/",
        "integrations/partnerfile/",
        "integrations/refusedmessage/",
        "integrations/webhook/",
        "integrations/delivery/",
        "integrations/channel/",
        "integrations/message/",
        "integrations/jurisdiction/",
        "setup/roles/",
        "accounts/user/",
        "accounts/entryapp/",
        "accounts/session/",
        "accounts/identity/",
        "core/record/",
    ]
    assert pages(make_user(Role.SECURITY_ADMIN)) == [
        *both,
        "grids/post/",
        "grids/binding/",
        *terms,
        "privacy/assessment/",
        "accounts/apiclient/",
        "setup/roles/",
        "accounts/user/",
        "accounts/entryapp/",
        "accounts/session/",
        "accounts/identity/",
    ]


@pytest.mark.parametrize("role", sorted(DESK_ROLES))
def test_every_page_of_the_sidebar_opens(role: str) -> None:
    client = desk(make_user(role))
    for group in client.get("/admin/").context["sidebar_navigation"]:
        for item in group["items"]:
            answer = client.get(item["link"])
            assert answer.status_code == 200, item["link"]
            menu = [line for every in answer.context["sidebar_navigation"] for line in every["items"]]
            here = [line["link"] for line in menu if line["active"]]
            assert here == [item["link"]]
            # The head of the page says it in the same words.
            assert answer.context["way"] == [*([(group["title"], "")] if group["title"] else []), (item["title"], "")]


def head_of(answer: Any) -> list[str]:
    """The words at the head of a page, without the arrows between them."""
    head = answer.content.decode().partition("<h1")[2].partition(">")[2].partition("</h1>")[0]
    return [
        words.strip()
        for words in re.sub(r"<[^>]+>", "", head).replace("chevron_right", "\n").splitlines()
        if words.strip()
    ]


def test_the_head_of_a_page_says_where_one_is(cast: Cast) -> None:
    case = report(cast)
    answer = desk(cast.street).get(page_of(case))
    assert answer.context["way"] == [("案件", ""), ("全部案件", "/admin/cases/case/")]
    assert head_of(answer) == ["案件", "全部案件", f"{case.no} {case.title}"]
    searched = desk(cast.street).get("/admin/cases/case/?q=zz").content.decode()
    assert '<a class="gg-link gg-wholelist" href="?view=0">' in searched
    # Without a line in the sidebar a page is called by its own name.
    alone = desk(cast.street).get("/admin/accounts/noticetext/")
    assert (alone.context["way"], head_of(alone)) == ([], ["消息用语"])


def test_strangers_are_sent_to_the_entrance_which_speaks_both_languages() -> None:
    client = Client()
    answer = client.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/")
    page = client.get("/admin/login/").content.decode()
    assert re.search(r'<html lang="zh-hans"', page)
    assert re.findall(r'name="language" value="([a-z-]+)"', page) == ["zh-hans", "en"]
    changed = client.post("/i18n/setlang/", {"language": "en", "next": "/admin/login/"}, follow=True)
    assert '<html lang="en"' in changed.content.decode()
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/admin/"]


def test_every_recorded_verb_has_a_name(cast: Cast) -> None:
    from pathlib import Path

    root = Path(words.__file__).parent.parent
    written = set()
    for room in (*ROOMS, "gridgov/core"):
        for path in [
            *root.glob(f"{room}/actions/**/*.py"),
            *root.glob(f"{room}/actions.py"),
            *root.glob(f"{room}/records.py"),
        ]:
            found = re.findall(
                r'"((?:accounts|announcements|bindings|calendar|cards|cases|core|door|duties|fieldwork|grids|groups|integrations|jobs|pages|party|posts'
                r'|redrawings|resources|secrets|units|volunteers|mediation|privacy)\.[a-z0-9_]+)"',
                path.read_text(),
            )
            written |= set(found)
    # Put together in grids.actions; written where the feed's positions are kept (gridgov.core.positions).
    written |= {"posts.moved", "bindings.moved", "core.era_begun"}
    # Said where looks are counted and terms are kept (gridgov.core.looking, keeping).
    written |= {"core.exported", "core.look_refused", "core.struck_out"}
    volunteers = (
        "certificate", "claim", "finding", "import", "panel", "points_rules", "remind", "shift", "to_close", "voice",
        "volunteer",
    )  # fmt: skip
    subjects = {
        "core.secrets",
        "integrations.channel",
        "integrations.code",
        "integrations.ownchannel",
        "integrations.take",
        "integrations.tell",
        "integrations.webhook",
        "accounts.delegation",
        "accounts.download",
        "accounts.hands",
        "cases.reporter",
        "door.contact",
        "privacy.assessment",
        "privacy.request",
        "accounts.entryapp",
        "accounts.identity",
        "accounts.outsider_refused",
        "door.guessing",
        "grids.group_runs_out",
        "cases.case",
        "cases.catalogue",
        "cases.application",
        "cases.deadline",
        "cases.team_review",
        "cases.pause",
        "cases.tally",
        "core.calendar",
        "core.job",
        "core.react",
        "core.seal",
        "core.verification",
        "core.verify",
        "cases.figures",
        "accounts.wording",
        "cases.month_report",
        "cases.phone_search",
        "fieldwork.daily",
        "fieldwork.end_patrol",
        "fieldwork.needlesswork",
        "fieldwork.patrol",
        "fieldwork.trail",
        "grids.first_steps",
        "mediation.limit",
        "mediation.volume",
        "grids.redraw",
        "grids.redrawing",
        "grids.redrawn",
        "posts.import",
        "resources.import",
        "resources.names",
        *(f"volunteers.{name}" for name in volunteers),
        *(f"mediation.{name}" for name in ("committee", "confirm_near", "short", "task_due")),
    }
    assert written - subjects - {
        "grids.import",
        "grids.tree",
        "grids.grid",
        "bindings.import",
        "core.tidy",
        "core.sweep",
    } == set(words.VERBS)
