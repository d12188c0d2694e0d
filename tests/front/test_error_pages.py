"""What a user reads when a page is not there, not theirs, too old or broken: their language, never Django's English."""

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import server_error

from accounts.choices import Role
from cases.models import Case
from tests.cases.desk import desk, page_of, report
from tests.factories import make_cast, make_user


@pytest.mark.django_db
def test_pages_that_are_not_there_or_not_theirs() -> None:
    cast = make_cast("B")
    case = report(cast)
    missing = desk(cast.outsider).get(page_of(case))
    assert (missing.status_code, missing.headers["Content-Language"]) == (404, "zh-hans")
    assert "该页面不存在，或不在您的权限范围内。" in missing.content.decode()
    refused = desk(make_user(Role.AUDITOR)).get(page_of(case))
    assert refused.status_code == 403
    assert "您的角色不能查看该页面。" in refused.content.decode()


@pytest.mark.django_db
def test_a_form_that_is_too_old_changes_nothing() -> None:
    cast = make_cast("B")
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.worker)
    answer = client.post("/admin/cases/case/add/", {"text": "井盖破损"})
    assert answer.status_code == 403
    assert "未作任何更改。请返回并刷新页面后重新提交。" in answer.content.decode()
    assert Case.objects.count() == 0


def test_a_broken_page_says_so_without_the_database() -> None:
    with translation.override("zh-hans"):
        answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "错误已记录，请稍后重试；如仍出现，请联系管理员。" in answer.content.decode()
    with translation.override("en"):
        assert "Something went wrong" in server_error(RequestFactory().get("/")).content.decode()
