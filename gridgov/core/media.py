"""Which files below MEDIA_ROOT belong to rows: each room says it of its own, and whoever copies or counts files asks here."""

from collections.abc import Callable, Iterable, Iterator

Names = Callable[[], Iterable[str]]
_kinds: dict[str, Names] = {}


def names_files(kind: str) -> Callable[[Names], Names]:
    """Register what tells the names (relative to MEDIA_ROOT, '' is none) of the files that rows of KIND need."""

    def register(names: Names) -> Names:
        _kinds[kind] = names
        return names

    return register


def named_files() -> Iterator[str]:
    """The name of every file that a row needs, as the database says it in this transaction."""
    for names in _kinds.values():
        yield from filter(None, names())
