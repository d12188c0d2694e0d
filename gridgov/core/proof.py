"""A small proof that somebody means it: a sum in words that a person answers, or work that a script does meanwhile.

There is no picture in it, and no service of anybody else. Each question is signed, good for one answer and for twenty minutes.
"""

import datetime as dt
import secrets
from dataclasses import dataclass
from hashlib import sha256

from django.core import signing
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gridgov.core.codes import digest
from gridgov.core.counts import first_time

SALT = "proof"
GOOD_FOR = dt.timedelta(minutes=20)
# Leading zero bits that the script looks for: some 65,000 digests, a second or two on an old phone.
BITS = 16


@dataclass(frozen=True)
class Proof:
    """A question in words, and the token that carries what its answer must be."""

    question: str
    token: str
    bits: int = BITS


def new_proof(at: dt.datetime) -> Proof:
    one, other = 11 + secrets.randbelow(80), 2 + secrets.randbelow(8)
    nonce = secrets.token_urlsafe(12)
    token = signing.dumps({"n": nonce, "a": _kept(nonce, str(one + other))}, salt=SALT)
    return Proof(_("%(one)s plus %(other)s") % {"one": one, "other": other}, token)


def _kept(nonce: str, answer: str) -> str:
    return digest(f"{nonce}:{answer}")


def is_proven(request: HttpRequest, *, at: dt.datetime) -> bool:
    """Whether the form brings the answer or the work. A token is good once, however the form ends."""
    token = request.POST.get("proof_token", "")
    try:
        said = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
        nonce, answer = str(said["n"]), str(said["a"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return False
    right = _kept(nonce, _digits(request.POST.get("proof_answer", ""))) == answer
    if not (right or _worked(token, request.POST.get("proof_work", ""))):
        return False
    return first_time("proof", nonce, within=GOOD_FOR, at=at)


def _digits(text: str) -> str:
    """TEXT's number, however it was typed; full-width digits are digits."""
    kept = "".join(sign for sign in text if sign.isdecimal())[:4]
    return str(int(kept)) if kept else ""


def _worked(token: str, work: str) -> bool:
    if not (work.isascii() and work.isdigit() and len(work) <= 12):
        return False
    found = int.from_bytes(sha256(f"{token}:{work}".encode()).digest()[:4], "big")
    return found >> (32 - BITS) == 0
