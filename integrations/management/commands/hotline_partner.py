"""manage.py hotline_partner: a partner of the first street for the simulator (docs/hotline.md)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from grids.actions import open_client
from grids.choices import GridKind
from grids.models import Grid
from integrations.actions.hotline import (
    add_partner,
    change_partner,
    set_partner_secret,
    shipped_profiles,
    switch_partner,
)
from integrations.models import Partner

NAME = "12345"


class Command(BaseCommand):
    help = (
        "Enter a hotline partner for trying the exchange, or give it a new secret; prints how the simulator is started."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--house", default="http://127.0.0.1:8000", help="where this house is reached")
        parser.add_argument("--answer", default="http://127.0.0.1:8190", help="where the simulator listens")

    def handle(self, *args: Any, house: str, answer: str, **options: Any) -> None:
        by, at = User.objects.filter(role=Role.SYSTEM_ADMIN, is_active=True).order_by("pk").first(), timezone.now()
        street = Grid.objects.filter(kind=GridKind.STREET, valid_to=None).order_by("code").first()
        if by is None or street is None:
            raise CommandError("there is no system administrator, or no street")
        partner = Partner.objects.filter(code="city").first()
        if partner is None:
            said: dict[str, Any] = {"purposes": [], "networks": [], "per_minute": 120, "expires_on": None, "unit": None}
            scopes = ["hotline:exchange"]
            client = open_client(name=NAME, purpose=NAME, scopes=scopes, grid=street, **said, by=by, at=at)
            partner = add_partner(
                code="city", name=NAME, profile=shipped_profiles()["hotline_12345"], ground=street, account=client.user,
                address=answer, by=by, at=at,
            )  # fmt: skip
        elif partner.address != answer:
            partner = change_partner(partner=partner, address=answer, by=by, at=at)
        secret = set_partner_secret(partner=partner, by=by, at=at).secret
        if not partner.is_active:
            switch_partner(partner=partner, active=True, by=by, at=at)
        grid = Grid.objects.under(street).filter(kind=GridKind.MICRO, valid_to=None).order_by("code").first() or street
        self.stdout.write(
            f"python -m integrations.simulator --to {house}/exchange/city --grid {grid.code} --secret={secret}"
        )
