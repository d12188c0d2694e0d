"""A contact card as a file that phones take into their contacts: vCard 3.0 (RFC 2426), which old ones read, too."""

from grids.reports import Card


def write_vcard(card: Card, address: str) -> str:
    """CARD with ADDRESS, its page."""
    title = f"{card.grid.name} {card.kind.label}"
    lines = [
        "BEGIN:VCARD", "VERSION:3.0",
        f"N:{_text(card.name)};;;;", f"FN:{_text(card.name)}",
        f"ORG:{_text(card.street.name)}", f"TITLE:{_text(title)}",
        *([f"TEL;TYPE=WORK,VOICE:{_text(card.phone or card.page.phone)}"] if card.phone or card.page.phone else []),
        f"URL:{_text(address)}", "END:VCARD", "",
    ]  # fmt: skip
    return "\r\n".join(lines)


def _text(words: str) -> str:
    """WORDS as a value: what would end it or begin another is escaped."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(escaped.splitlines())
