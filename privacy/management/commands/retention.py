from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from gridgov.core import keeping
from privacy.reports.retention import retention


class Command(BaseCommand):
    help = "What is kept about people, for how long, and what would go now; without --dry-run what is due goes at once"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go now; nothing is changed")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        at = timezone.now()
        with override("zh-hans"):
            for line in retention(at, dry=True):
                if line.ahead is None:
                    continue
                name, oldest = line.kind.name, line.ahead.oldest
                since = f"{timezone.localtime(oldest):%Y-%m-%d %H:%M}" if oldest else "-"
                gone = "" if dry_run else f" gone={keeping.run(name, by=User.objects.system(), at=at)}"
                self.stdout.write(
                    f"{name} days={line.days} due={line.ahead.count} oldest={since}{gone} {line.kind.title}"
                )
