"""Chinese full-text search without a word list: pairs of characters.

`zh_bigrams` (migration 0003) turns 井盖坏了 into 井盖 盖坏 坏了 了, and leaves Latin words and numbers whole. A phrase of
pairs is found exactly where the characters stand together, also for names that no dictionary knows.
"""

import re

from django.contrib.postgres.search import SearchQuery
from django.db import models

_RUN = re.compile(r"[a-z0-9]+|[㐀-鿿]+")


class Bigrams(models.Func):
    """to_tsvector('simple', zh_bigrams(a || ' ' || b …)) for a generated column."""

    template = "to_tsvector('simple'::regconfig, zh_bigrams(%(expressions)s))"
    arg_joiner = " || ' ' || "


def phrase(word: str) -> SearchQuery:
    """A query for WORD as it stands. One character finds every pair that begins with it; no letters find nothing."""
    query, gap = "", ""
    for run in _RUN.findall(word.lower()):
        pairs = (
            [f"'{run}':*"] if run.isascii() or len(run) == 1 else [f"'{run[i : i + 2]}'" for i in range(len(run) - 1)]
        )
        query += gap + " <-> ".join(pairs)
        # In the text the last character of a Chinese run stands once more by itself.
        gap = " <-> " if run.isascii() or len(run) == 1 else " <2> "
    return SearchQuery(query, config="simple", search_type="raw")


def runs(text: str) -> list[str]:
    """The words of TEXT as this search cuts them: Chinese runs, Latin words, numbers, all in small letters."""
    return _RUN.findall(text.lower())


def pairs(text: str) -> list[str]:
    """The pairs of Chinese characters that stand together in TEXT, in their order."""
    return [run[i : i + 2] for run in runs(text) if not run.isascii() for i in range(len(run) - 1)]
