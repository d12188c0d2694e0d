"""manage.py verify_records: recompute every chain and seal; exit code 1 if anything was meddled with."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gridgov.core.records import verify_and_note


class Command(BaseCommand):
    help = "Recompute the hash chains and seals of all records and name every fault."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="say nothing when all is well")

    def handle(self, *args: Any, **options: Any) -> None:
        proof = verify_and_note(by=get_user_model().objects.system(), at=timezone.now())
        if proof.faults:
            raise CommandError("\n".join(proof.faults))
        if not options["quiet"]:
            self.stdout.write(f"{proof.rows} records and {proof.seals} seals hold.")
