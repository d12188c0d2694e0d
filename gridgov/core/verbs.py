"""A verb as a face offers it: a button, a small form, one action.

Its form knows how far the history of its row had come when it was opened. Whoever sends it after somebody else has acted is
told who did what, with everything typed still there, and may send it again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gridgov.core.errors import YES, Verdict
from gridgov.core.forms import HouseForm

# The field that says how far the history had come, and the most digits it may have.
SEEN, SEEN_DIGITS = "seen", 9
OVERTAKEN = _(
    "Somebody else was faster. Nothing has been done yet: look at what changed, then send it again if it still fits."
)


@dataclass(frozen=True)
class Verb:
    """`act(row, by=…, at=…, **what the form gave)` calls the action; `may(by, row)` says whether the button is there."""

    name: str
    label: Any
    act: Callable[..., Any]
    form: type[HouseForm] = HouseForm
    may: Callable[[Any, Any], Verdict] = lambda by, row: YES
    done: Any = ""
    icon: str = ""
    # The letter that does it (static/gridgov/letters.js); "s" is the big button's.
    key: str = ""
    # A sentence under the title of the form.
    hint: Any = ""
    danger: bool = False
    # A template that shows what the action answered, once, instead of going back to the row.
    shows: str = ""
    # The label of the menu it lies in, or a function that says it of a row; empty: a button of its own.
    menu: Any = ""
    # Shown beside what it is about, elsewhere on the page, and not in the bar.
    beside: bool = False

    def menu_of(self, row: Any) -> Any:
        """The label of the menu in which it lies on the page of ROW."""
        return self.menu(row) if callable(self.menu) else self.menu

    @property
    def at_a_click(self) -> bool:
        """Nothing to fill in: the button itself does it. A form that is arranged for its row has something all the same."""
        return not self.form.base_fields and self.form.arrange is HouseForm.arrange


def seen_in(request: HttpRequest) -> int | None:
    """How far the history had come when the form of REQUEST was opened; None where it doesn't say, or nonsense."""
    given = request.POST.get(SEEN) or request.GET.get(SEEN) or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) <= SEEN_DIGITS else None
