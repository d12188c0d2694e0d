"""Signs that are not seen: they break lines, move the cursor of a terminal, or turn words round. No log and no record holds any."""

import re
from typing import Any

# C0 and C1 but for line feed and tab; what breaks lines or turns the direction of writing; halves of a surrogate pair, which no
# UTF-8 can write (Unicode 16, categories Cc, Zl, Zp, Cs and the bidi controls of UAX 9).
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
IN_ITS_PLACE = "\ufffd"


def visible(text: str) -> str:
    """TEXT with a mark wherever it holds such a sign."""
    return _UNSEEN.sub(IN_ITS_PLACE, text)


def all_visible(value: Any) -> Any:
    """The same for each text within VALUE, as JSON knows it; keys are names of ours."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {key: all_visible(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [all_visible(one) for one in value]
    return value
