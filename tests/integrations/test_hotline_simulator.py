"""The simulated hotline as a process of its own, and the house: both ways over the wire."""

import subprocess
import sys
import urllib.request
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from cases.models import Case
from integrations.actions import hotline as actions
from integrations.choices.hotline import InboundState
from integrations.models import Inbound, Partner
from tests.factories import make_cast, make_category, make_user
from tests.integrations.platforms import Platform, order, settle

# Of the matters that the simulator knows.
CODES = ("0402", "0301", "0202", "0305")


@pytest.mark.django_db(transaction=True)
def test_the_simulated_hotline_and_the_house(live_server: Any, settings: Any, capsys: Any) -> None:
    settings.OUTGOING_ALLOWED = ("127.0.0.1",)
    make_cast()
    make_user(Role.SYSTEM_ADMIN)
    for code in CODES:
        make_category(code, response_hours=4)
    call_command("hotline_partner", house=live_server.url)
    line = capsys.readouterr().out.split()
    command = [sys.executable, *line[1:], "--port", "0", "--orders", "6", "--pause", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as city:
        try:
            url = city.stdout.readline().strip()  # type: ignore[union-attr]
            partner = Partner.objects.get(code="city")
            actions.change_partner(partner=partner, address=url.rstrip("/"), by=partner.made_by, at=timezone.now())
            for _look in range(400):  # each asks the simulator's page, so that none spins
                settle()
                actions.tell_partners(by=User.objects.system(), at=timezone.now())
                with urllib.request.urlopen(url) as answer:
                    page = answer.read().decode()
                if Inbound.objects.count() == 11 and page.count("received") == 5:
                    break
            settle()
        finally:
            city.terminate()
    assert (Inbound.objects.count(), Case.objects.count(), page.count("received")) == (11, 5, 5)
    waiting = Inbound.objects.get(state=InboundState.REVIEW)
    assert waiting.fault == "unknown_category"
    assert "· 签名错误的回传 0" in page


@pytest.mark.django_db
def test_who_is_switched_off_sends_nothing() -> None:
    make_cast()
    make_user(Role.SYSTEM_ADMIN)
    call_command("hotline_partner")
    partner = Partner.objects.get(code="city")
    actions.set_partner_secret(
        partner=partner, secret="a secret of sixteen and more", by=partner.made_by, at=partner.made_at
    )
    platform = Platform(partner, client=Client())
    assert platform.send("orders", order()).status_code == 200
    partner.account.client.change(is_active=False)
    answer = platform.send("orders", order("2"))
    assert (answer.status_code, answer.json()["code"]) == (403, "client_off")
    assert Inbound.objects.count() == 1
