"""The workbench without reloading: one address that every open desk asks a few times a minute, and that mostly says
“nothing new”.

An answer carries the newest record it knows of and the minute it was made in (its ETag). While the minute lasts, whoever
asks again is only told whether anything was recorded in the own streets since: four small queries. Lights and times left
change with the minute, and with them comes whatever a record didn't tell of: one that was committed out of order, a job that
got stuck. Each desk has a minute of its own, so that two hundred of them don't all ask for everything at the full minute.
"""

import datetime as dt

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.choices import Role
from accounts.models import User
from gridgov.core.admin_verbs import FRAGMENT
from gridgov.core.models import Record
from gridgov.core.polling import polls
from gridgov.workbench import TABS, board
from grids.queries import scope_of

MINUTE = 60
STREET_DIGITS = 9
# More digits than a record's number has.
LONGEST = 18


@polls
def live(request: HttpRequest) -> HttpResponse:
    """The parts of the workbench that change, or 304."""
    user, now, tab = request.user, timezone.now(), request.GET.get("tab", "")
    view = _view(user, tab, now)
    headers = {FRAGMENT: "workbench", "Cache-Control": "private, no-store"}
    given, _dot, seen = request.headers.get("If-None-Match", "").removeprefix("W/").strip('"').rpartition(".")
    if given == view and seen.isdecimal() and len(seen) <= LONGEST and not _news(user, int(seen)):
        return HttpResponseNotModified(headers={**headers, "ETag": f'"{view}.{seen}"'})
    newest = Record.objects.order_by("-id").values_list("id", flat=True).first() or 0
    headers["ETag"] = f'"{view}.{newest}"'
    return TemplateResponse(request, "admin/workbench/live.html", board(user, tab, now), headers=headers)


def _view(user: User, tab: str, now: dt.datetime) -> str:
    """Whose desk this is, what it shows, in which language and in which minute."""
    minute = int(now.timestamp() + user.pk % MINUTE) // MINUTE
    return f"{user.pk}.{get_language()}.{tab if tab in TABS else ''}.{minute}"


def _news(user: User, seen: int) -> bool:
    """Whether anything was recorded after the record SEEN that may concern USER: in the own streets, for units anywhere.
    Only the records of the last minute are looked at."""
    since = Record.objects.filter(id__gt=seen).order_by()
    if user.role != Role.UNIT_STAFF:
        own = Q(scope="")
        for street in {node.code[:STREET_DIGITS] for node in scope_of(user).nodes}:
            own |= Q(scope__startswith=street)
        since = since.filter(own)
    return since.exists()
