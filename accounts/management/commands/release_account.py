"""manage.py release_account USER_NAME: end the lock after wrong tries, where no security administrator can come in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.actions import release_account, reset_factor
from accounts.models import User
from gridgov.core.errors import Refusal


class Command(BaseCommand):
    help = "End the lock of an account after wrong tries; with --factor take off a lost second factor too. Both are recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--factor", action="store_true", help="take off the second factor, for whoever has lost it")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.people().filter(username=options["username"]).first()
        if user is None:
            raise CommandError("there is no such account")
        given = {"user": user, "by": User.objects.system(), "at": timezone.now()}
        try:
            release_account(**given)
            if options["factor"]:
                reset_factor(**given)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{user.username}: released")
