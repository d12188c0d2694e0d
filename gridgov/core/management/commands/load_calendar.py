"""manage.py load_calendar [YEAR …]: put in the nation's years as the chinesecalendar package knows them."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gridgov.core.actions import load_official_year
from gridgov.core.errors import Invalid


class Command(BaseCommand):
    help = "Load working days and holidays of the given years (this and last year by default)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="*", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.localtime()
        for year in options["years"] or [now.year - 1, now.year]:
            try:
                days = load_official_year(year=year, by=get_user_model().objects.system(), at=now)
            except Invalid as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(f"{year}: {days} days")
