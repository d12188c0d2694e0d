"""The one table of what each hand is answered at each address: read from table.txt, told by docs/access.md.

table.txt has a line for each method of each address: the method, the address, and a letter for each hand in the order of the
line that begins with "hands". `make access` writes both anew from what the house answers; who commits them has read them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.access.places import Place
from tests.house.source import ROOT

TABLE, PAGE, HEAD = (
    Path(__file__).with_name("table.txt"),
    ROOT / "docs" / "access.md",
    Path(__file__).with_name("head.md"),
)
Key = tuple[str, str]
# Of hands that are everywhere, and of those that are asked about where an address names a row.
MAIN = (
    "street", "total", "lead", "worker", "unit", "special", "helper", "mediator", "system", "security", "auditor", "key", "nobody",
)  # fmt: skip
BESIDE = (
    "b-total", "b-lead", "b-worker", "b-unit", "b-helper", "b-mediator", "expired", "future", "before", "during", "after",
    "k-unit", "k-beside", "k-bare", "k-revoked", "k-ended", "k-away",
)  # fmt: skip
HANDS = (*MAIN, *BESIDE)
NOT_ASKED = "-"
SIGNS = {"o": "●", "x": "✕", "0": "·", "s": "→", "l": "↪", "m": "–", "-": " "}
CHINESE = {
    "street": "街道", "total": "总网格长", "lead": "网格长", "worker": "网格员", "unit": "单位", "special": "专业网格员",
    "helper": "志愿者", "mediator": "调解员", "system": "系统", "security": "安全", "auditor": "审计", "key": "密钥",
    "nobody": "未登录",
}  # fmt: skip


class Table(dict[Key, dict[str, str]]):
    """(method, address) → hand → letter."""

    @property
    def cells(self) -> int:
        return sum(1 for line in self.values() for said in line.values() if said != NOT_ASKED)


def read() -> Table:
    table = Table()
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#") and not line.startswith("hands"):
            method, template, letters = line.split()
            table[method, template] = dict(zip(HANDS, letters, strict=True))
    return table


def write(table: Table, rooms: Mapping[str, str]) -> None:
    """Room by room, in the order of the addresses."""
    out = [
        "# What each hand is answered: o opens, x refused (403), 0 does not exist (404), s sent to sign in, l led to another page,",
        "# m no such method (405), - not asked. Written by `make access`; docs/access.md tells the same for reading.",
        "hands " + " ".join(HANDS),
    ]
    by_room: dict[str, list[Key]] = defaultdict(list)
    for key in sorted(table, key=lambda key: (key[1], key[0])):
        by_room[rooms.get(key[1], "gridgov")].append(key)
    for room, keys in sorted(by_room.items()):
        wide = max(len(template) for _method, template in keys)
        out += ["", f"# {room}"]
        out += [f"{m:5} {t:{wide}} {''.join(table[m, t].get(hand, NOT_ASKED) for hand in HANDS)}" for m, t in keys]
    TABLE.write_text("\n".join(out) + "\n", encoding="utf-8")


# Dear and the same for all: asked once.
ONCE = ("/api/v1/schema/",)
SAME_AS_THE_ROW = ("/history/", "/delete/")
# Of hands beside, where they have some business at all; those that aren't here are asked wherever an address names a row.
BUSINESS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("b-total", "future", "before", "during", "after"), ("/api/",)),
    **dict.fromkeys(("b-worker", "b-helper"), ("/api/", "/m/")),
    "b-mediator": ("/api/", "/m/", "/admin/mediation/"),
    "expired": ("/api/", "/m/", "/admin/cases/"),
}


def is_asked(hand: str, place: Place, of_a_row: bool) -> bool:
    """Hands of MAIN are asked everywhere, those beside where an address names a row."""
    if place.template in ONCE:
        return hand == "nobody"
    if hand in MAIN:
        return True
    far = not place.template.startswith(BUSINESS.get(hand, ("/",)))
    return of_a_row and not far and not place.template.endswith(SAME_AS_THE_ROW)


# --- the page --------------------------------------------------------------------------------------------------------


def page(table: Table, places: Iterable[Place], about: Mapping[str, str]) -> str:
    """docs/access.md: what head.md says, the figures, and the table with addresses that are answered alike in one line."""
    rooms = {place.template: place.room for place in places}
    names = "\n".join(f"| `{hand}` | {about.get(hand, '')} |" for hand in HANDS)
    head = HEAD.read_text(encoding="utf-8")
    figures = {"CELLS": table.cells, "LINES": len(table), "ADDRESSES": len({template for _method, template in table})}
    for name, value in {"HANDS": names, **{name: f"{figure:,}" for name, figure in figures.items()}}.items():
        head = head.replace(f"@{name}@", value)
    out = [head.rstrip(), ""]
    for room in sorted(set(rooms.values())):
        keys = [key for key in table if rooms.get(key[1]) == room]
        out += [f"### {room}", "", *_lines(table, keys), ""]
    return "\n".join(out).rstrip() + "\n"


def _lines(table: Table, keys: list[Key]) -> list[str]:
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for method, template in sorted(keys, key=lambda key: (key[1], key[0])):
        letters = "".join(table[method, template][hand] for hand in HANDS)
        alike[_stem(template), method, letters].append(template)
    joined: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for (stem, method, letters), templates in alike.items():
        joined[stem, letters, ", ".join(templates)].append(method)
    head = ["| | 地址 address | " + " | ".join(CHINESE[hand] for hand in MAIN) + " | 其他放行者 others let in |"]
    head.append("|" + "---|" * (len(MAIN) + 3))
    for (stem, letters, _templates), methods in joined.items():
        said = dict(zip(HANDS, letters, strict=True))
        shown = _short(stem, _templates.split(", "))
        others = " ".join(hand for hand in BESIDE if said[hand] == "o")
        head.append(
            f"| {' '.join(methods)} | {shown} | " + " | ".join(SIGNS[said[hand]] for hand in MAIN) + f" | {others} |"
        )
    return head


def _stem(template: str) -> str:
    """What addresses of one thing begin with: up to the number of a row, or the second part."""
    found = re.match(r"(/admin/\w+/\w+/|/api/v1/[\w-]+/|/[\w-]+/(?:[\w-]+/)?|/)", template)
    return found[1] if found else "/"


def _short(stem: str, templates: list[str]) -> str:
    if len(templates) == 1:
        return f"`{templates[0]}`"
    return f"`{stem}` + " + " ".join(f"`{one.removeprefix(stem) or '.'}`" for one in templates)
