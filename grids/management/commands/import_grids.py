from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core.errors import Refusal
from grids.actions import BadRows, import_grids
from grids.forms.sheet import read_sheet


class Command(BaseCommand):
    help = (
        "Take a list of grids in (CSV or XLSX): new codes are founded, known ones brought up to date, all or nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only check, and tell every fault")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            sheet = read_sheet(file.read_bytes(), file.name)
        except (OSError, Refusal) as error:
            raise CommandError(str(error)) from None
        try:
            result = import_grids(
                rows=sheet.rows, faults=sheet.faults, by=User.objects.system(), at=timezone.now(), dry_run=dry_run
            )
        except BadRows as bad:
            for sentence in sheet.told(bad.rows):
                self.stderr.write(sentence)
            raise CommandError(_("%(count)d faults; nothing was changed.") % {"count": len(bad.rows)}) from None
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        words = {"founded": result.founded, "changed": result.changed, "unchanged": result.unchanged}
        said = _("%(founded)d founded, %(changed)d changed, %(unchanged)d unchanged") % words
        self.stdout.write(f"{_('Only checked')}: {said}" if dry_run else said)
