"""The first account of a new house."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from gridgov.core.models import Record

pytestmark = pytest.mark.django_db


def test_the_first_account_can_sign_in_with_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("open_account", "wang", "--name", "王敏")
    password = capsys.readouterr().out.splitlines()[-1]
    user = User.objects.get(username="wang")
    assert (user.role, user.is_active, user.check_password(password)) == ("system_admin", True, True)
    row = Record.objects.get(verb="accounts.opened")
    assert row.actor == User.objects.system()
    assert password not in str(row.data)


def test_a_taken_name_is_told_and_nothing_changes() -> None:
    call_command("open_account", "wang", "--name", "王敏")
    with pytest.raises(CommandError):
        call_command("open_account", "wang", "--name", "王二")
    assert User.objects.exclude(username="system").count() == 1


def test_nobody_becomes_the_system() -> None:
    with pytest.raises(CommandError):
        call_command("open_account", "wang", "--name", "王敏", "--role", "system")
    assert not User.objects.filter(username="wang").exists()
