"""What the database says after a drill: is each promise there once, and is each mark there once?"""

import json
import time
from typing import Any

from bench.drills.house import House
from bench.drills.load import Cast, Journal

LIMIT_SECONDS = 12
SEED = """
import json
from django.utils import timezone
from rest_framework.authtoken.models import Token
from cases.actions import set_policy
from cases.models import Category
from gridgov.core.calendar import CHINA
from grids.actions import set_public_page
from tests.factories import make_cast
cast = make_cast("A")
now = timezone.now()
set_public_page(street=cast.place.street, is_open=True, phone="010-12345678", words="", by=cast.street, at=now)
Category.objects.filter(pk=cast.category.pk).update(public=True)
set_policy(tier="A", value="LIMIT", unit="natural_second", category=cast.category, reason="drill", by=cast.street, at=now)
token = lambda user: Token.objects.get_or_create(user=user)[0].key
print(json.dumps({"worker": token(cast.worker), "street": token(cast.street), "unit_staff": token(cast.unit_staff),
                  "unit": cast.unit.pk, "grid": cast.place.micros[0].code, "category": cast.category.code}))
"""
COUNT = """
import json
from pathlib import Path
from django.conf import settings
from django.db.models import Count, F, Q
from django.utils import timezone
from accounts.models import Notice
from cases.models import Card, Case, Deadline, LedgerEntry, Photo
from gridgov.core.media import named_files
from gridgov.core.models import Job, Record
from gridgov.core.records import verify
said = json.load(open("IDS"))
found = {}
for pk, text in Case.objects.filter(text__startswith="演练", pk__gt=said["after"]).values_list("pk", "text"):
    found.setdefault(text, []).append(pk)
clocks = Deadline.objects.filter(case__pk__gt=said["after"], clock="case")
late = clocks.filter(due_at__lt=timezone.now()).filter(Q(met_at=None) | Q(met_at__gt=F("due_at")))
marked = clocks.filter(breached_at__isnull=False)
twice = lambda rows, *by: rows.order_by().values(*by).annotate(n=Count("pk")).filter(n__gt=1).count()
of_case = dict(subject_type="cases.case", subject_id__gt=said["after"])
media = Path(settings.MEDIA_ROOT)
missing = [name for name in named_files() if not (media / name).exists()]
empty = [name for name in named_files() if (media / name).exists() and not (media / name).stat().st_size]
print(json.dumps({
    "cases": len(found),
    "lost": [text for text, pk in said["promised"].items() if text not in found or (pk and pk not in found[text])],
    "twice": [text for text, pks in found.items() if len(pks) > 1],
    "completed": Case.objects.filter(pk__in=said["done"]).exclude(completed_at=None).count() == len(set(said["done"])),
    "photos": Photo.objects.filter(pk__in=said["photos"]).count() == len(set(said["photos"])),
    "files_missing": len(missing) + len(empty),
    "late": late.count(), "marked": marked.count(), "unmarked": late.filter(breached_at=None).count(),
    "wrongly": marked.filter(met_at__lte=F("due_at")).count(),
    "breaches": LedgerEntry.objects.filter(deadline__in=clocks, entry="breach").count(),
    "cards": Card.objects.filter(case__pk__gt=said["after"]).count(),
    "doubled": {
        "breaches": twice(LedgerEntry.objects.filter(deadline__in=clocks, entry="breach"), "deadline"),
        "records": twice(Record.objects.filter(verb="cases.breached", data__clock="case", **of_case), "subject_id"),
        "reported": twice(Record.objects.filter(verb="cases.reported", **of_case), "subject_id"),
        "completed": twice(Record.objects.filter(verb="cases.completed", **of_case), "subject_id"),
        "notices": twice(Notice.objects.all(), "user", "kind", "key"),
        "cards": twice(Card.objects.filter(case__pk__gt=said["after"]), "case", "level", "round"),
    },
    "stuck": list(Job.objects.stuck().values_list("kind", "last_error")[:5]),
    "records": Record.objects.count(), "faults": verify().faults,
}))
"""


def seed(house: House, limit: int = LIMIT_SECONDS) -> Cast:
    """A street with its people, its door open, and a LIMIT of seconds."""
    return Cast(**house.manage(SEED.replace("LIMIT", str(limit))))  # type: ignore[arg-type]


def last_case(house: House) -> int:
    return int(str(house.stage.one("SELECT coalesce(max(id), 0) FROM cases_case")))


def judge(house: House, journal: Journal, after: int, *, patience: float = 240) -> dict[str, Any]:
    """Wait until each clock of the cases AFTER that one has had its time and its mark, then count."""
    ids = house.folder / "ids.json"
    said = {"promised": journal.promised, "done": journal.done, "photos": journal.photos, "after": after}
    ids.write_text(json.dumps(said))
    waiting = (
        "SELECT count(*) FROM cases_deadline WHERE clock = 'case' AND case_id > %s AND breached_at IS NULL AND"
        " (met_at IS NULL OR met_at > due_at)"
    )
    end = time.monotonic() + patience
    while house.stage.one(waiting, after) and time.monotonic() < end:
        time.sleep(0.5)
    return house.manage(COUNT.replace("IDS", str(ids)))


def faults_of(found: dict[str, Any]) -> list[str]:
    """What is not as it should be, in a word each."""
    faults = [name for name in ("lost", "twice", "stuck", "faults") if found[name]]
    faults += [name for name in ("completed", "photos") if not found[name]]
    faults += [name for name in ("files_missing", "unmarked", "wrongly") if found[name]]
    faults += [f"doubled {name}" for name, count in found["doubled"].items() if count]
    return faults if found["marked"] == found["breaches"] else [*faults, "breaches"]
