"""Entry from another app: what a signed link says, how it is signed, and how long things hold.

A link carries `app`, `account`, `at` (Unix seconds), `nonce`, `to` (an address under /m/) and `signature`: HMAC-SHA256 in hex,
by the app's secret, of the five joined with line feeds. An app that keeps its secret on a server of its own may ask for a code
instead (OAuth 2's way), which the browser brings along.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

# How far the clocks of two houses may differ, and how long a code is good for.
DRIFT, CODE_HOLDS = dt.timedelta(minutes=5), dt.timedelta(minutes=2)
NONCE_CHARS, LONGEST_NONCE, LONGEST_WAY, MOST_ORIGINS = 16, 64, 200, 8
# Where one goes that doesn't say where.
FIRST_PAGE = "/m/"


@dataclass(frozen=True)
class EntryLink:
    """What a signed link says; nothing of it is believed before `signed_with`."""

    app: str
    account: str
    at: str
    nonce: str
    to: str
    signature: str

    def sign(self, secret: str) -> str:
        said = "\n".join((self.app, self.account, self.at, self.nonce, self.to))
        return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()

    def signed_with(self, secret: str) -> bool:
        return hmac.compare_digest(self.sign(secret).encode(), self.signature.lower().encode())

    @property
    def moment(self) -> dt.datetime | None:
        """None where `at` is none."""
        known = self.at.isascii() and self.at.isdigit() and len(self.at) <= 10
        return dt.datetime.fromtimestamp(int(self.at), dt.UTC) if known else None


def kept_code(code: str) -> str:
    """A code as it is kept: who reads the table can't use one."""
    return hashlib.sha256(code.encode()).hexdigest()
