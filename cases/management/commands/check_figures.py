"""manage.py check_figures [--fix]: compare the rollups of the figures with a full count."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions import check_figures, rebuild_figures


class Command(BaseCommand):
    help = "Compare the rollups of the figures with a full count of the cases; exit status 1 where they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--fix", action="store_true", help="count everything anew; cases can't be written meanwhile"
        )

    def handle(self, *args: Any, fix: bool, **options: Any) -> None:
        if fix:
            cells = rebuild_figures(by=User.objects.system(), at=timezone.now())
            self.stdout.write(_("Counted anew: %(cells)d cells.") % {"cells": cells})
        found = check_figures(by=User.objects.system(), at=timezone.now())
        for difference in found:
            self.stderr.write(f"{difference.span} {difference.cell} {difference.missing}")
        if found:
            raise CommandError(_("%(count)d cells differ from a full count.") % {"count": len(found)})
        self.stdout.write(_("The figures are what a full count says."))
