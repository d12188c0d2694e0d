"""The numbers of a figure on a page, each with the list that it opens."""

from dataclasses import dataclass

from django.utils.translation import gettext as _t

from cases.forms import list_behind
from cases.queries import SEVERAL
from cases.reports import Asked, Definition, Figure, Kind


@dataclass(frozen=True)
class Number:
    """A number with the list behind it; `url` is "" where there is none, or nothing in it. `loose` where a case stands
    for several."""

    text: str
    url: str = ""
    loose: bool = False


def number_of(measure: str, count: int, asked: Asked, text: str = "") -> Number:
    """COUNT of MEASURE, written as TEXT if given."""
    return Number(text or str(count), list_behind(measure, asked) if count else "", measure in SEVERAL)


def share(figure: Figure, asked: Asked) -> list[Number]:
    """The numbers that a figure is made of: “411 / 446”, “204 cases”, or the count alone."""
    about: Definition = figure.definition
    if about.kind == Kind.SCORE:
        return []
    if figure.denominator is None:
        shown = number_of(about.top, int(figure.numerator or 0), asked, _t("show the list"))
        return [shown] if shown.url else []
    if figure.numerator is None or about.kind == Kind.HOURS:
        words = _t("%(count)s cases") % {"count": figure.denominator}
        return [number_of(about.bottom, figure.denominator, asked, words)]
    return [number_of(about.top, int(figure.numerator), asked), number_of(about.bottom, figure.denominator, asked)]
