"""How a partner's profile is read: a description in data of its field names, signature, answers and callbacks.

Nothing here knows a partner. A second platform is another profile (docs/hotline.md); `faults` says what is wrong with one.
"""

import datetime as dt
import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.utils.translation import gettext as _

from cases.choices import Ask, Channel
from gridgov.core.calendar import CHINA
from gridgov.core.errors import YES, Invalid, Verdict
from integrations.choices.hotline import DRIFT, NONCE_CHARS, Asked, Table, Told

Profile = Mapping[str, Any]
MISSING = object()
# Every field that a message may say, by what it asks; `no` is the partner's number of the order.
FIELDS: dict[Asked, frozenset[str]] = {
    Asked.ORDER: frozenset({
        "no", "version", "title", "text", "occurred_at", "name", "phone", "confidential", "place", "grid", "area", "lng", "lat",
        "crs", "category", "urgency", "request", "unit", "deadline", "sign_deadline", "duplicate_of",
    }),
    Asked.URGE: frozenset({"no", "note"}),
    Asked.RECALL: frozenset({"no", "note"}),
    Asked.ANSWER: frozenset({"no", "about", "accepted", "note", "deadline"}),
    Asked.STATUS: frozenset({"no", "status", "note"}),
}  # fmt: skip
# What a callback may say. Nothing about whoever called, nobody's name.
WORDS = frozenset({
    "id", "no", "case", "told", "at", "unit", "note", "reason", "result", "outcome", "reached", "solved", "until", "value",
    "value_unit", "title", "text", "place", "grid", "category", "urgency", "lng", "lat", "state", "code", "message", "accepted",
    "timestamp", "attachments", "attachment_urls",
})  # fmt: skip
_TRUE = (True, 1, "1", "true", "True", "yes", "Y")
_DEEPEST = 12


def at_path(body: Any, path: str | list[str]) -> Any:
    """What lies at PATH (`caller.name`) in BODY; of several paths the first that says something. MISSING for nothing."""
    for one in [path] if isinstance(path, str) else path:
        found = body
        for step in one.split("."):
            found = found.get(step, MISSING) if isinstance(found, dict) else MISSING
        if found is not MISSING and found is not None and found != "":
            return found
    return MISSING


def kind_of(profile: Profile, operation: str, body: Any) -> Asked | None:
    """What a message sent to OPERATION asks; None where the profile knows no such thing."""
    known = profile["in"].get(operation)
    if known is None:
        return None
    name = known.get("asks") or known["kinds"].get(str(at_path(body, known["kind_at"])))
    return Asked(name) if name in Asked.values else None


def said(profile: Profile, asked: Asked, body: Any, field: str, most: int = 2000) -> str:
    """A field as text without NUL and outer blanks, '' where it isn't there. Raises Invalid for what is no text."""
    path = profile["fields"].get(asked, {}).get(field)
    found = at_path(body, path) if path else MISSING
    if found is MISSING:
        return ""
    if isinstance(found, dict | list):
        raise Invalid(_("The field “%(field)s” is no text.") % {"field": field}, code="bad_field", field=field)
    text = str(found).replace("\x00", "").strip()
    if len(text) > most:
        raise Invalid(
            _("The field “%(field)s” is longer than %(count)s characters.") % {"field": field, "count": most},
            code="bad_field", field=field,
        )  # fmt: skip
    return text


def files_said(profile: Profile, body: Any, base: str) -> list[tuple[str, str]]:
    """The pictures that an order names, (address, SHA-256 or ''): each is an address, or an object with one, or with a name that
    the profile's `files.path` makes one of, below BASE, the partner's own. What is neither is passed over."""
    scheme = profile.get("files") or {}
    listed = at_path(body, scheme["at"]) if scheme else MISSING
    found = []
    for one in listed if isinstance(listed, list) else []:
        thing = one if isinstance(one, dict) else {"url": one}
        url, name, digest = (at_path(thing, scheme.get(key, key)) for key in ("url", "id", "sha256"))
        if isinstance(url, str):
            found.append((url, digest if isinstance(digest, str) else ""))
        elif isinstance(name, str | int) and scheme.get("path"):
            found.append(
                (
                    f"{base}{scheme['path'].replace('$id', quote(str(name), safe=''))}",
                    digest if isinstance(digest, str) else "",
                )
            )
    return found


def is_true(profile: Profile, text: str) -> bool:
    return text in {str(one) for one in profile.get("true", _TRUE)}


def number(text: str, field: str) -> float | None:
    """TEXT as a number; None for none. Raises Invalid."""
    if not text:
        return None
    try:
        found = float(text)
    except ValueError:
        found = float("nan")
    if not abs(found) < 1e15:  # NaN neither
        raise Invalid(_("The field “%(field)s” is no number.") % {"field": field}, code="bad_field", field=field)
    return found


def moment(profile: Profile, text: str, field: str) -> dt.datetime | None:
    """TEXT as the profile writes moments (`iso`, `ms`, `s`, or a pattern in China's time); None for none. Raises Invalid."""
    if not text:
        return None
    form = profile.get("times", "iso")
    try:
        if form in {"s", "ms"}:
            return dt.datetime.fromtimestamp(float(text) / (1000 if form == "ms" else 1), dt.UTC)
        found = dt.datetime.fromisoformat(text) if form == "iso" else dt.datetime.strptime(text, form)
        found = found if found.tzinfo else found.replace(tzinfo=CHINA)
        return found.astimezone(dt.UTC)
    except (ValueError, OverflowError, OSError):
        message = _("The field “%(field)s” is no moment as this partner writes them.")
        raise Invalid(message % {"field": field}, code="bad_field", field=field) from None


def in_their_time(profile: Profile, when: dt.datetime) -> Any:
    form = profile.get("times", "iso")
    if form in {"s", "ms"}:
        return int(when.timestamp() * (1000 if form == "ms" else 1))
    local = when.astimezone(CHINA)
    return local.isoformat(timespec="seconds") if form == "iso" else local.strftime(form)


# --- signature -------------------------------------------------------------------------------------------------------


def _hmac_sha256(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def _hmac_sm3(key: bytes, text: bytes) -> bytes:
    """GB/T 32905; by OpenSSL, which not every Python's hashlib lets through."""
    made = HMAC(key, SM3())
    made.update(text)
    return made.finalize()


USUAL_DIGEST = "sha256"
# What a profile's `signature.digest` may name.
DIGESTS = {USUAL_DIGEST: _hmac_sha256, "sm3": _hmac_sm3}


def signature(profile: Profile, secret: str, timestamp: str, nonce: str, body: bytes) -> str:
    """The HMAC of what the profile names, joined by line feeds (`timestamp`, `nonce`, `body`, `sha256` of the body)."""
    parts = {
        "timestamp": timestamp.encode(), "nonce": nonce.encode(), "body": body, "sha256": hashlib.sha256(body).hexdigest().encode(),
    }  # fmt: skip
    scheme = profile["signature"]
    text = scheme.get("between", "\n").encode().join(parts[name] for name in scheme["of"])
    made = DIGESTS[scheme.get("digest", USUAL_DIGEST)](secret.encode(), text)
    return b64encode(made).decode() if scheme.get("encoding") == "base64" else made.hex()


def stamped(profile: Profile, at: dt.datetime) -> str:
    return str(int(at.timestamp() * (1000 if profile["signature"].get("clock") == "ms" else 1)))


def can_trust(
    profile: Profile, secrets: list[str], headers: Mapping[str, str], body: bytes, at: dt.datetime
) -> Verdict:
    """Whether BODY was signed with one of SECRETS a moment ago. The nonce is looked at when the message is kept."""
    scheme = profile["signature"]["headers"]
    timestamp, nonce, given = (headers.get(scheme[name], "") for name in ("timestamp", "nonce", "signature"))
    if not (timestamp and nonce and given):
        return Verdict.forbid(_("The message is not signed."), "not_signed")
    if not (nonce.isascii() and nonce.isprintable() and 8 <= len(nonce) <= NONCE_CHARS):
        return Verdict.forbid(_("A nonce has 8 to 64 letters, digits or signs."), "bad_nonce")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 16):
        return Verdict.forbid(_("The timestamp is no number."), "bad_timestamp")
    seconds = int(timestamp) / (1000 if profile["signature"].get("clock") == "ms" else 1)
    if abs(at.timestamp() - seconds) > DRIFT.total_seconds():
        return Verdict.forbid(_("The timestamp is more than five minutes off."), "late")
    wanted = [signature(profile, secret, timestamp, nonce, body).encode() for secret in secrets]
    if not any([hmac.compare_digest(one, given.encode()) for one in wanted]):  # noqa: C419 - all of them, always
        return Verdict.forbid(_("The signature is wrong."), "bad_signature")
    return YES


# --- templates -------------------------------------------------------------------------------------------------------


def filled(profile: Profile, template: Any, values: Mapping[str, Any]) -> Any:
    """TEMPLATE with `$name` replaced: by the partner's own code where `words` has one; left out where there is no value."""
    if isinstance(template, dict):
        made = {name: filled(profile, part, values) for name, part in template.items()}
        return {name: part for name, part in made.items() if part is not MISSING}
    if isinstance(template, list):
        return [part for part in (filled(profile, one, values) for one in template) if part is not MISSING]
    if not (isinstance(template, str) and template.startswith("$")):
        return template
    name = template[1:]
    value = values.get(name)
    if value is None or value == "":
        return MISSING
    if isinstance(value, dt.datetime):
        return in_their_time(profile, value)
    key = str(value).lower() if isinstance(value, bool) else str(value)
    return profile.get("words", {}).get(name, {}).get(key, value)


def accepted(profile: Profile, body: Any) -> bool:
    """Whether a partner's ANSWER to a callback says that it was taken in; a profile without `taken` asks for the status only."""
    wanted = profile["out"].get("taken")
    return wanted is None or at_path(body, wanted["path"]) in wanted["is"]


def told_on(profile: Profile) -> dict[str, list[Told]]:
    """Our recorded verbs, and what the partner is told on each."""
    found: dict[str, list[Told]] = {}
    for name, message in profile["out"]["messages"].items():
        for verb in message.get("on", ()):
            found.setdefault(verb, []).append(Told(name))
    return found


def read_json(body: bytes) -> Any:
    """BODY as JSON. Raises Invalid for what is none, or is nested as no message is."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid(_("The message is no JSON."), code="no_json") from None
    if not isinstance(found, dict):
        raise Invalid(_("The message is no JSON object."), code="no_json")
    return found


def faults(profile: Any) -> list[str]:
    """What is wrong with a profile, in words; empty where it can be used."""
    try:
        return _faults(profile, json.dumps(profile))
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        return [_("The profile lacks something: %(what)s.") % {"what": str(error)[:200]}]


def _faults(profile: Any, text: str) -> list[str]:
    if len(text) > 64 * 1024:
        return [_("The profile is too long.")]
    return [*_signing_faults(profile["signature"]), *_reading_faults(profile), *_telling_faults(profile)]


def _signing_faults(scheme: Any) -> list[str]:
    found, parts = [], set(scheme["of"])
    if not all(isinstance(scheme["headers"][name], str) for name in ("timestamp", "nonce", "signature")):
        found.append(_("A header's name is no text."))
    if not {"timestamp", "nonce"} <= parts or not {"body", "sha256"} & parts:
        found.append(_("A signature must cover timestamp, nonce and body."))
    if (digest := scheme.get("digest", USUAL_DIGEST)) not in DIGESTS:
        found.append(_("Unknown in the signature: %(names)s.") % {"names": str(digest)[:40]})
    if unknown := parts - {"timestamp", "nonce", "body", "sha256"}:
        found.append(_("Unknown in the signature: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    return found


def _reading_faults(profile: Any) -> list[str]:
    found = []
    for operation, known in profile["in"].items():
        kinds = {known["asks"]} if "asks" in known else set(known["kinds"].values())
        if not kinds <= set(Asked.values) or not ("asks" in known or isinstance(known["kind_at"], str)):
            found.append(_("“%(name)s” asks for something unknown.") % {"name": operation})
    for asked, fields in profile["fields"].items():
        if strange := set(fields) - FIELDS[Asked(asked)]:
            found.append(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(strange))})
        paths = [one for path in fields.values() for one in ([path] if isinstance(path, str) else path)]
        if not all(isinstance(one, str) and one.count(".") < _DEEPEST for one in paths):
            found.append(_("A field's path is no text."))
    if {"no", "text", "category"} - set(profile["fields"][Asked.ORDER]):
        found.append(_("Orders need the fields no, text and category."))
    if not set(profile.get("codes", {})) <= set(Table.values):
        found.append(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(profile["codes"]))})
    scheme = profile.get("files", {"at": ""})
    if not all(isinstance(part, str) or name == "hosts" for name, part in scheme.items()) or "at" not in scheme:
        found.append(_("The profile lacks something: %(what)s.") % {"what": "files"})
    if strange := set(profile.get("decides", ())) - {Ask.EXTENSION}:
        found.append(_("Unknown fields: %(names)s.") % {"names": ", ".join(sorted(strange))})
    if profile["channel"] not in Channel.values:
        found.append(_("The profile lacks something: %(what)s.") % {"what": "channel"})
    return found


def _telling_faults(profile: Any) -> list[str]:
    found = []
    for name, message in profile["out"]["messages"].items():
        if name not in Told.values or not message["path"].startswith("/"):
            found.append(_("“%(name)s” is nothing that we tell, or has no path.") % {"name": name})
    bodies = [message["body"] for message in profile["out"]["messages"].values()]
    answers = [profile["answer"][one]["body"] for one in ("received", "refused")]
    if unknown := _names_in([*bodies, *answers]) - WORDS:
        found.append(_("Unknown words: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    return found


def _names_in(template: Any) -> set[str]:
    if isinstance(template, dict):
        return set().union(*(_names_in(part) for part in template.values()))
    if isinstance(template, list):
        return set().union(*(_names_in(part) for part in template))
    return {template[1:]} if isinstance(template, str) and template.startswith("$") else set()
