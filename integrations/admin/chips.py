"""How the pages of other systems show a state: words on a colour."""

from typing import Any

from django.utils.html import format_html

BAD, GOOD, DULL = "gg-light-late", "gg-work", "gg-light-done"


def chip(look: str, words: Any) -> str:
    return format_html('<span class="gg-chip {}">{}</span>', look, words)
