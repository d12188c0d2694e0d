"""The same request twice is one request.

A client sends a key of its own with what it asks for. What was done and its answer are kept in one transaction: whoever
is killed or cut off sends the same again and gets the same answer, and of two at once one runs while the other waits. A
refusal changes nothing and is not kept, so that the same key may be tried again with the fault mended.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from gridgov.core.errors import Forbidden, Invalid, KeyReused
from gridgov.core.locks import advisory_lock
from gridgov.core.models import KeptAnswer
from gridgov.core.phone import wants_json

HEADER = "Idempotency-Key"
# Whose page a script stands on: on a shared telephone it may not be whoever is signed in by now.
WHOSE = "X-Client-User"
# The same in a form that is sent without script.
FIELD = "idempotency_key"
KEPT = dt.timedelta(days=30)
_KEY = re.compile(r"[\x21-\x7e]{8,64}")
# What differs between two sendings of one form.
_TRANSPORT = frozenset({FIELD, "csrfmiddlewaretoken"})


@dataclass(frozen=True)
class Reply:
    """An answer under a key. One with personal data in it is not `kept`: the verb runs again."""

    status: int
    body: Any
    kept: bool = True


@dataclass(frozen=True)
class Done:
    """What a form led to: where to look at it, and what it is called."""

    url: str
    label: str = ""


def client_of(request: HttpRequest) -> str:
    """The signed-in user as the owner of keys and uploads. Raises Forbidden `other_user` for a page of somebody else's."""
    if request.headers.get(WHOSE, str(request.user.pk)) != str(request.user.pk):
        message = _("This was entered under another account. It stays here until that account is signed in again.")
        raise Forbidden(message, code="other_user")
    return f"user:{request.user.pk}"


def visitor(token: str) -> str:
    """Whoever holds TOKEN, as the owner of keys and uploads; the token itself is not kept."""
    return f"visitor:{hashlib.sha256(token.encode()).hexdigest()[:40]}"


def once(
    *, client: str, key: str, asked: str, act: Callable[[], Reply], at: dt.datetime, within: dt.timedelta = KEPT
) -> Reply:
    """Let ACT run in one transaction, and once for (CLIENT, KEY) WITHIN so long if there is a key; ASKED is a digest of the
    request.

    Raises Invalid for a key that can't be, KeyReused where it came with another request, and whatever ACT refuses.
    """
    if key and not _KEY.fullmatch(key):
        raise Invalid(_("A key has 8 to 64 letters, digits or signs."), code="bad_key")
    with transaction.atomic():
        if not key:
            return act()
        advisory_lock("answer", client, key)
        kept = KeptAnswer.objects.filter(client=client, key=key).first()
        if kept is not None and kept.at <= at - within:
            kept.delete()
            kept = None
        if kept is None:
            reply = act()
            if reply.kept:
                answered = {"asked": asked, "status": reply.status, "body": reply.body, "at": at}
                KeptAnswer.objects.create(client=client, key=key, **answered)
            return reply
    if kept.asked != asked:
        raise KeyReused(
            _("This was sent before with other content. Please look at what has arrived, and enter it anew.")
        )
    return Reply(kept.status, kept.body)


def answer_form(request: HttpRequest, act: Callable[[], Done], *, at: dt.datetime, client: str = "") -> HttpResponse:
    """Let ACT do what a form asks for, once for the form's key: JSON for the outbox, a redirect for a browser. CLIENT is
    the signed-in user unless named. Refusals go through."""
    key = request.headers.get(HEADER, "") or request.POST.get(FIELD, "")

    def reply() -> Reply:
        done = act()
        return Reply(201, {"ok": True, "url": done.url, "label": str(done.label)})

    found = once(client=client or client_of(request), key=key, asked=digest_of_form(request), act=reply, at=at)
    if wants_json(request):
        return JsonResponse(found.body, status=found.status)
    return HttpResponseRedirect(found.body["url"])


def digest(method: str, path: str, *content: Any) -> str:
    """A digest of a request; CONTENT is what JSON can say."""
    text = json.dumps([method, path, *content], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_form(request: HttpRequest, *, without: frozenset[str] = frozenset()) -> str:
    """A digest of what a form says, whatever order and boundary it was sent with; fields WITHOUT meaning left out."""
    fields = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in _TRANSPORT | without)
    files = sorted((name, file.name, _sha256(file)) for name in request.FILES for file in request.FILES.getlist(name))
    return digest(request.method or "", request.path, fields, files)


def _sha256(file: Any) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()
