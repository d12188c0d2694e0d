"""manage.py open_account USER_NAME: the first accounts of a new house, opened by the house itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions import open_account
from accounts.choices import DESK_ROLES, Role
from accounts.models import User
from accounts.rules.passwords import drawn
from gridgov.core.errors import Faults, Refusal


class Command(BaseCommand):
    help = "Open an account with a random password, printed once. For the first administrators; they do the rest in the admin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="full name")
        roles = sorted(DESK_ROLES)
        parser.add_argument("--role", default=Role.SYSTEM_ADMIN.value, choices=roles)

    def handle(self, *args: Any, **options: Any) -> None:
        password = drawn()
        try:
            user = open_account(
                username=options["username"],
                full_name=options["name"],
                role=options["role"],
                password=password,
                by=User.objects.system(),
                at=timezone.now(),
            )
        except Faults as faults:
            raise CommandError("; ".join(str(m) for messages in faults.faults.values() for m in messages)) from None
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{user.username}: {user.get_role_display()}\n{password}")
