"""manage.py load_catalogue [FILE]: put the matter list in, or bring it up to date."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from cases.actions import load_catalogue

SHIPPED = Path(__file__).resolve().parents[2] / "data" / "categories.csv"


class Command(BaseCommand):
    help = "Load the matter list from a CSV file with the columns of cases/data/categories.csv (that file by default)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                count = load_catalogue(rows=csv.DictReader(file), by=User.objects.system(), at=timezone.now())
        except (OSError, KeyError, ValueError) as error:
            raise CommandError(f"{options['file']}: {type(error).__name__} {error}; nothing was changed") from error
        self.stdout.write(f"{count} rows")
