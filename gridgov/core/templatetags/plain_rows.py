"""The rows of a long list, written straight: what the theme does for every cell takes three times as long as the page needs.

For lists whose columns are all methods of their admin and never sorted by hand; what it writes looks and works like the
theme's table (static/gridgov/lists.css, lists.js).
"""

from collections.abc import Callable
from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()

# A column: the tag of its cells, what shows its value, how a cell begins, whether it leads to the row's page.
Column = tuple[str, Callable[[Any], Any], str, bool]


@register.simple_tag
def plain_head(cl: ChangeList) -> SafeString:
    """The heads of the columns."""
    names = map(str, cl.list_display)
    heads = ((name, capfirst(getattr(cl.model_admin, name).short_description)) for name in names)
    return format_html_join("", '<th scope="col" class="column-{}">{}</th>', heads)


@register.simple_tag
def plain_rows(cl: ChangeList) -> SafeString:
    """One row for each of the page's; links lead to the row's page and remember the list's filters."""
    admin, columns = cl.model_admin, list[Column]()
    for name in map(str, cl.list_display):
        show, links = getattr(admin, name), name in (admin.list_display_links or ())
        tag = "th" if links and not any(linked for _tag, _show, _open, linked in columns) else "td"
        label = conditional_escape(capfirst(show.short_description))
        columns.append((tag, show, f'<{tag} class="field-{name}" data-label="{label}">', links))
    kept = conditional_escape(f"?{cl.preserved_filters}" if cl.preserved_filters else "")
    return mark_safe("".join(_row(cl, row, columns, kept) for row in cl.result_list))  # noqa: S308 # each cell is escaped


def _row(cl: ChangeList, row: Any, columns: list[Column], kept: str) -> str:
    link = f'<a href="{conditional_escape(cl.url_for_result(row))}{kept}">'
    cells = []
    for tag, show, opening, links in columns:
        words = conditional_escape(show(row))
        cells.append(f"{opening}{link}{words}</a></{tag}>" if links else f"{opening}{words}</{tag}>")
    return f'<tr class="data-row">{"".join(cells)}</tr>'
