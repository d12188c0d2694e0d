"""Phone numbers as they are kept and compared."""

import re
import unicodedata

_CHINA = re.compile(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$)")


def plain_phone(text: str) -> str:
    """TEXT as digits alone, without China's code before a mobile; full-width digits are digits."""
    bare = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", text))
    return _CHINA.sub("", bare)
