"""Phone numbers as they are kept and compared."""

import re
import unicodedata

from django.db.models import Q

_CHINA = re.compile(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$)")


def plain_phone(text: str) -> str:
    """TEXT as digits alone, without China's code before a mobile; full-width digits are digits."""
    bare = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    return _CHINA.sub("", bare)


def holds_phone(phone: str, *columns: str) -> Q:
    """Rows that have PHONE, however it is written, in one of COLUMNS; none for a text without digits."""
    said = phone.strip()
    if not any(sign.isdigit() for sign in said):
        return Q(pk__in=[])
    found = Q()
    for column in columns:
        found |= Q((f"{column}__in", list(dict.fromkeys((said, plain_phone(said))))))
    return found
