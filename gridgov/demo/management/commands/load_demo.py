"""manage.py load_demo: fill an empty database with the demo street, or with a district to measure."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gridgov.demo.load import DISTRICT_CASES, STREET_CASES, load_demo_street, load_district
from grids.models import Grid


class Command(BaseCommand):
    help = "Fill an empty database with the demo street, its people and a year of cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where any grid stands")
        parser.add_argument("--scale", choices=("street", "district"), default="street", help="what to load")
        parser.add_argument("--cases", type=int, help=f"cases of history ({STREET_CASES}, district {DISTRICT_CASES})")
        parser.add_argument(
            "--volunteers", type=int, default=0, help="volunteers of a district, 5 activities for 2 of them"
        )
        parser.add_argument("--seed", type=int, default=1, help="another seed, another street")

    def handle(self, *args: Any, **options: Any) -> None:
        if Grid.objects.exists():
            if options["if_empty"]:
                self.stdout.write("已有网格, 不装入演示数据 · there are grids, no demo is loaded")
                return
            raise CommandError("There are grids in this database already; the demo goes into an empty one.")
        began = timezone.now()

        def progress(line: str) -> None:
            self.stdout.write(f"[{(timezone.now() - began).total_seconds():5.1f} s] {line}")

        street = options["scale"] == "street"
        cases = options["cases"] if options["cases"] is not None else STREET_CASES if street else DISTRICT_CASES
        if street:
            path = load_demo_street(cases=cases, seed=options["seed"], folder=settings.DATA_DIR, progress=progress)
            self.stdout.write(f"账号 accounts: {path}")
            if path and self.stdout.isatty():
                self.stdout.write(path.read_text())
        else:
            load_district(cases=cases, volunteers=options["volunteers"], seed=options["seed"], progress=progress)
