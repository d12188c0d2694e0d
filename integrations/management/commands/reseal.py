"""manage.py reseal: bring people's data and other systems' secrets under the first of GRIDGOV_SECRET_KEYS
(docs/personal-data.md, docs/operations.md)."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from gridgov.core.sealing import PIECE, Tally
from integrations.actions.resealing import reseal, reseal_people

# Seconds between two lines of progress.
TOLD_EVERY = 5.0


class Command(BaseCommand):
    help = (
        "Seal what stands in clear and what older keys sealed under the key that seals today. Everything goes on serving "
        "meanwhile; it may be broken off and begun anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--piece", type=int, default=PIECE, help="rows of people's data in one transaction")
        parser.add_argument("--pause", type=float, default=0.0, help="seconds to wait after each piece")

    def handle(self, *args: Any, **options: Any) -> None:
        house = User.objects.system()
        done, lost = reseal(by=house, at=timezone.now())
        people = reseal_people(
            by=house, at=timezone.now, piece=options["piece"], pause=options["pause"], told=self._telling()
        )
        self.stdout.write(f"{done} secrets and {people.sealed} rows of people's data sealed anew")
        faults = []
        if lost:
            faults.append(f"{lost} can't be opened by any key that is set: give the old key back, or set them anew")
        if people.lost:
            faults.append(f"{people.lost} rows can't be opened by any key that is set: give the old key back")
        if people.held:
            faults.append(f"{people.held} rows were held by others all the time: run it again")
        if faults:
            raise CommandError("\n".join(faults))

    def _telling(self) -> Any:
        last = time.monotonic()

        def tell(label: str, tally: Tally) -> None:
            nonlocal last
            if time.monotonic() - last >= TOLD_EVERY:
                last = time.monotonic()
                self.stdout.write(f"{label}: {tally.sealed} rows so far")

        return tell
