"""ETag: what a reader has already is not sent again, and what has changed since it was read is not overwritten.

A tag is made of the answer as this caller reads it, in this language: `"<state>"`, or `"<state>.<rest>"` where the answer
holds what changes by itself (addresses that hold for minutes, counters). Such a *fleeting* part is new content to a reader
(`If-None-Match`: 304 where nothing is new), and no change to a writer (`If-Match`: 412 where the row is no more what was
read).
"""

import hashlib
from collections.abc import Collection
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from gridgov.core.errors import Refusal

MATCH = "If-Match"
NONE_MATCH = "If-None-Match"


class Changed(Refusal):
    """Somebody else was quicker: the row is no more what the caller read."""

    status = 412
    default_code = "changed_meanwhile"


def tag_of(data: Any, fleeting: Collection[str] = (), said: bytes | None = None) -> str:
    """The tag of an answer; FLEETING names what changes by itself, SAID is the answer as JSON where it is at hand."""
    whole = _digest(JSONRenderer().render(data) if said is None else said)
    if not fleeting:
        return f'"{whole}"'
    return f'"{_digest(JSONRenderer().render(_without(data, fleeting)))}.{whole}"'


def insist_on(wanted: str, found: str) -> None:
    """Raise Changed unless the state of FOUND, a tag, is that of one of the tags WANTED, which is the header's text."""
    tags = _tags(wanted)
    if "*" not in tags and _state(found) not in map(_state, tags):
        raise Changed(_("This has changed since it was read. Please read it again and decide anew."))


def tagged(request: HttpRequest, answer: Response, fleeting: Collection[str] = ()) -> None:
    """Give ANSWER its tag once it is put into words, and answer 304 where the caller has it already."""

    def mark(spoken: Response) -> None:
        plain = spoken.accepted_media_type == "application/json"
        tag = tag_of(spoken.data, fleeting, spoken.content if plain else None)
        spoken["ETag"] = tag
        spoken.headers.setdefault("Cache-Control", "private, no-cache")
        if _tags(request.headers.get(NONE_MATCH, "")) & {tag, "*"}:
            spoken.status_code, spoken.content = 304, b""
            del spoken["Content-Type"]

    answer.add_post_render_callback(mark)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def _tags(header: str) -> set[str]:
    """A proxy that packs answers makes tags weak (`W/`); ours stand for the content either way."""
    return {tag.removeprefix("W/") for tag in parse_etags(header)}


def _state(tag: str) -> str:
    return tag.strip('"').partition(".")[0]


def _without(data: Any, names: Collection[str]) -> Any:
    """DATA without NAMES, however deep they stand."""
    if isinstance(data, dict):
        return {name: _without(value, names) for name, value in data.items() if name not in names}
    return [_without(value, names) for value in data] if isinstance(data, list) else data
