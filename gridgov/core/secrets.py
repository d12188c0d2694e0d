"""What must be known in clear again, sealed with a key that is in no table: secrets of other systems, data of people.

What stands in the database is `KEY-ID.NONCE+CIPHERTEXT`, so that the office can bring in a new key (first in
GRIDGOV_SECRET_KEYS) while what the old ones sealed can still be read; `manage.py reseal` brings all under the new one while
the house serves, and then the old ones may go. What signs sessions (GRIDGOV_SECRET_KEY) opens too: a house that began without
keys of its own gets them later without a break. How columns of people's data are sealed: `gridgov.core.sealed`.
"""

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12


class Unreadable(Exception):
    """Sealed with a key that this house doesn't have any more, or not sealed by it at all."""


def seal(text: str, *, of: str = "") -> str:
    """TEXT, readable by `unseal` only. OF names what it belongs to: sealed text doesn't open anywhere else."""
    name, key = next(iter(_keys(_phrases()).items()))
    nonce = os.urandom(_NONCE)
    sealed = nonce + key.encrypt(nonce, text.encode(), _bound(name, of))
    return f"{name}.{urlsafe_b64encode(sealed).decode()}"


def unseal(sealed: str, *, of: str = "") -> str:
    """The text that was sealed for OF. Raises Unreadable."""
    name, _dot, body = sealed.partition(".")
    key = _keys(_phrases()).get(name)
    if key is None:
        raise Unreadable(f"no key {name!r}")
    try:
        raw = urlsafe_b64decode(body)
        return key.decrypt(raw[:_NONCE], raw[_NONCE:], _bound(name, of)).decode()
    except (InvalidTag, ValueError):
        raise Unreadable("the sealed text was changed, or belongs to something else") from None


def sealed_now(sealed: str) -> bool:
    """Whether SEALED stands under the key that seals today."""
    return sealed.partition(".")[0] == next(iter(_keys(_phrases())))


def sealed_anew(sealed: str, *, of: str = "") -> str:
    """SEALED under the key that seals today; '' stays ''. Raises Unreadable."""
    return sealed if not sealed or sealed_now(sealed) else seal(unseal(sealed, of=of), of=of)


def key_names() -> tuple[str, ...]:
    """The ids of the keys that open, the one that seals today first."""
    return tuple(_keys(_phrases()))


def digests(text: str, *, of: str) -> tuple[str, ...]:
    """What stands for TEXT beside a sealed one, so that the same text is found again: one under each key, in their order.
    24 letters of base64url. OF names what it belongs to (column and kind): elsewhere the same text looks otherwise."""
    return tuple(_digest(phrase, of, text) for phrase in dict.fromkeys(_phrases()))


def _digest(phrase: str, of: str, text: str) -> str:
    return urlsafe_b64encode(hmac.digest(_index_key(phrase, of), text.encode(), "sha256")[:18]).decode()


@lru_cache(maxsize=256)
def _index_key(phrase: str, of: str) -> bytes:
    """A key of its own for each OF; none of them tells another, nor the one that seals."""
    root = hashlib.sha256(b"gridgov.core.secrets.index\x1f" + phrase.encode()).digest()
    return hmac.digest(root, of.encode(), "sha256")


def _phrases() -> tuple[str, ...]:
    return (*settings.SECRET_KEYS, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@lru_cache(maxsize=4)
def _keys(phrases: tuple[str, ...]) -> dict[str, AESGCM]:
    """Keys by their ids, in the order of PHRASES. An id tells nothing about its key."""
    keys = [hashlib.sha256(b"gridgov.core.secrets\x1f" + phrase.encode()).digest() for phrase in phrases]
    return {hashlib.sha256(key).hexdigest()[:8]: AESGCM(key) for key in keys}


def _bound(name: str, of: str) -> bytes:
    return f"{name}\x1f{of}".encode()
