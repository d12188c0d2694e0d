"""The forms of a page as a browser sees them, and nonsense typed into them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.db import transaction

NONSENSE = ("\x00", "9" * 40, "长" * 20_000)


@dataclass
class Form:
    """A form as a browser would send it: where to, what it brings along by itself, and what a person fills in."""

    action: str
    given: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)


class Forms(HTMLParser):
    """Collects the forms of a page that are posted and in which something is filled in."""

    def __init__(self, url: str, page: str) -> None:
        super().__init__()
        self.url, self.all, self.inside = url, list[Form](), False
        self.feed(page)

    @property
    def found(self) -> list[Form]:
        return [form for form in self.all if form.typed]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = about.get("method", "get").lower() == "post"
            self.all += [Form(about.get("action") or self.url)] if self.inside else []
        name, kind = about.get("name", ""), about.get("type", tag)
        if not self.inside or not name or tag not in {"input", "textarea", "select", "button"} or kind == "file":
            return
        if tag == "button" or kind in {"hidden", "checkbox", "radio", "submit"}:
            self.all[-1].given.setdefault(name, about.get("value", ""))
        else:
            self.all[-1].typed.append(name)

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


def with_nonsense(client: Any, url: str, page: str, answers: dict[tuple[str, ...], int]) -> None:
    """Send each form of PAGE that none before was like with nonsense in its fields, and note its status in ANSWERS by where it is sent
    to and what is typed; what it did is taken back."""
    for form in Forms(url, page).found:
        key = (form.action, *form.typed)
        if key in answers:
            continue
        filled = {one: NONSENSE[(number + len(answers)) % 3] for number, one in enumerate(form.typed)}
        with transaction.atomic():
            answers[key] = client.post(form.action, form.given | filled).status_code
            transaction.set_rollback(True)
