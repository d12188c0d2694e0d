"""Photos outlive a form that is shown once more: nobody picks them twice because a tick was missing."""

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from door.choices import MOST_PHOTOS
from door.forms import ReportForm
from gridgov.core.errors import Refusal
from gridgov.core.idempotency import visitor
from gridgov.core.models import Upload
from gridgov.core.uploads import Limits, Piece, keep_piece

LIMITS = Limits(largest=10 * 2**20, most=2 * MOST_PHOTOS, total=60 * 2**20)


def keep_photos(request: HttpRequest, form: ReportForm) -> list[str]:
    """The photos that came with FORM now, or with the same form before, as values of its field `uploads`. Those that are
    none, or too large, are left out: the form says why."""
    key = request.POST.get("key", "")
    if request.method != "POST" or form.errors.get("key") or not key or form.errors.get("photos"):
        return []
    client = visitor(str(uuid.UUID(key)))
    before = [one for one in request.POST.getlist("uploads") if _is_there(one, client)]
    return [*before, *filter(None, (_keep(file, client) for file in request.FILES.getlist("photos")))][:MOST_PHOTOS]


def _is_there(said: str, client: str) -> bool:
    try:
        pk = uuid.UUID(said.removeprefix("photos:"))
    except ValueError:
        return False
    return Upload.objects.filter(pk=pk, client=client, used_at=None).exists()


def _keep(file: Any, client: str) -> str:
    pk = uuid.uuid4()
    file.seek(0)
    content = file.read()
    piece = Piece(0, content, len(content), file.content_type or "")
    try:
        keep_piece(upload=pk, piece=piece, client=client, limits=LIMITS, at=timezone.now())
    except Refusal:
        return ""
    return f"photos:{pk}"
