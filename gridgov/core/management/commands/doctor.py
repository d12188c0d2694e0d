"""manage.py doctor [--json]: how the house is; exit status 1 where something is bad or a check failed."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from gridgov.core.doctor import ALARMS, as_data, examine


class Command(BaseCommand):
    help = (
        "Check engines, jobs, disk, backup, calendar, records, tree and figures; exit status 1 where something is bad."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for a monitor")

    def handle(self, *args: Any, **options: Any) -> None:
        results = examine(at=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(as_data(results), ensure_ascii=False, indent=1))
        else:
            for result in results:
                found = result.finding
                self.stdout.write(f"{found.state.value:8} {result.check.title}: {found.said}")
                if found.advice:
                    self.stdout.write(f"{'':8} → {found.advice} {found.code}".rstrip())
        ill = sum(result.finding.state in ALARMS for result in results)
        if ill:
            raise CommandError(_("%(count)d checks say: act now.") % {"count": ill})
