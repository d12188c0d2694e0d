"""Codes that people copy by hand: easy to read, long enough not to be guessed, kept only as a digest."""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

from django.conf import settings

# Thirty-two signs, none of which is taken for another: no 0 and O, no 1 and I.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# Fifty bits.
CODE_CHARS = 10
_OTHER = re.compile(rf"[^{ALPHABET}]")


def code_of(secret: str) -> str:
    """The code that goes with SECRET, a random key: the same key is always answered with the same code."""
    number = int.from_bytes(_mac("code", secret, settings.SECRET_KEY), "big")
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(CODE_CHARS))


def spaced(code: str) -> str:
    """“ABCDE-FGHJK”: as it is shown."""
    return f"{code[:5]}-{code[5:]}"


def tidied(text: str) -> str:
    """What somebody copied, without spaces, dashes and small or full-width letters; "" where it can be no code."""
    plain = _OTHER.sub("", unicodedata.normalize("NFKC", text).upper())
    return plain if len(plain) == CODE_CHARS else ""


def digest(text: str) -> str:
    """What is kept of a code or a key: of no use to anybody without the house's own secret."""
    return _mac("digest", text, settings.SECRET_KEY).hex()


def fits(text: str, digests: Iterable[str]) -> str:
    """The one of DIGESTS that is TEXT's, "" if none; takes as long whichever it is. Digests made with an earlier secret
    key (SECRET_KEY_FALLBACKS) fit too."""
    own = [_mac("digest", text, str(key)).hex() for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    found = ""
    for one in digests:
        for mine in own:
            found = one if hmac.compare_digest(mine, one) else found
    return found


def _mac(purpose: str, text: str, key: str) -> bytes:
    return hmac.new(key.encode(), f"gridgov.codes.{purpose}:{text}".encode(), sha256).digest()
