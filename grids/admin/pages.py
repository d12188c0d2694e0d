"""Pages of the desk that are no list and no form of one row: import, export, coverage."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gridgov.core.errors import Refusal
from gridgov.core.exporting import hand_out
from gridgov.core.sheet import Sheet, download, ending_asked
from grids import actions
from grids.actions import BadRows
from grids.choices import PostKind
from grids.forms import post_sheet, roster, sheet
from grids.forms.desk import ImportForm
from grids.models import Binding, Grid, Post
from grids.queries import heavy

SHOWN_FAULTS = 200


@dataclass(frozen=True)
class ListKind:
    """A kind of list that can be taken in: how it is read, the action that takes its rows, what is said of the outcome,
    and the names of its pages."""

    model: str
    file: str
    title: Any
    hint: Any
    template: Callable[[str], bytes]
    read: Callable[[bytes, str], Sheet[Any]]
    act: Callable[..., Any]
    # What a result says; the first when it was only checked.
    said: tuple[Any, Any]
    # What will change, line by line, as cells for people to read.
    tell: Callable[[Any], list[tuple[Any, ...]]] = lambda result: []

    def page(self, name: str) -> str:
        return reverse(f"admin:{self.model}_{name}")


GRIDS = ListKind(
    model="grids_grid",
    file="grids",
    title=gettext_lazy("Import grids"),
    hint=gettext_lazy(
        "A list in CSV or XLSX. New codes are founded; for known ones name, households and border are brought up to date. "
        "If one row is faulty, nothing is changed."
    ),
    template=sheet.template,
    read=sheet.read_sheet,
    act=actions.import_grids,
    said=(
        gettext_lazy("No faults: %(founded)d to found, %(changed)d to change, %(unchanged)d as they stand."),
        gettext_lazy("%(founded)d founded, %(changed)d changed, %(unchanged)d unchanged"),
    ),
)
BINDINGS = ListKind(
    model="grids_binding",
    file="professional-workers",
    title=gettext_lazy("Import bound professional workers"),
    hint=gettext_lazy(
        "A list in CSV or XLSX: user name or name, unit, grid code, codes of matters, first and last day. Who is named must "
        "hold a post as professional grid worker in the unit. If one row is faulty, nothing is changed."
    ),
    template=roster.template,
    read=roster.read_roster,
    act=actions.import_bindings,
    said=(
        gettext_lazy("No faults: %(bound)d to bind, %(unchanged)d as they stand."),
        gettext_lazy("%(bound)d bound, %(unchanged)d unchanged"),
    ),
)
POSTS = ListKind(
    model="grids_post",
    file="posts",
    title=gettext_lazy("Import posts"),
    hint=gettext_lazy(
        "A list in CSV or XLSX: user name, post, grid code or unit, first and last day. A new line gives a post; a last day on "
        "a post that stands ends it. What the list doesn't name stays. If one row is faulty, nothing is changed."
    ),
    template=post_sheet.template,
    read=post_sheet.read_posts,
    act=actions.import_posts,
    said=(
        gettext_lazy("No faults: %(given)d to give, %(ended)d to end, %(unchanged)d as they stand."),
        gettext_lazy("%(given)d given, %(ended)d ended, %(unchanged)d unchanged"),
    ),
    tell=lambda result: [_told(change) for change in result.changes],
)


def _told(change: actions.PostChange) -> tuple[Any, ...]:
    what = _("ends") if change.ends else _("begins")
    days = f"{change.valid_from} – {change.valid_to or ''}"
    return (what, change.person, PostKind(change.kind).label, change.place, days)


def give_template(request: HttpRequest, kind: ListKind) -> HttpResponse:
    ending = ending_asked(request)
    return download(kind.template(ending), f"{kind.file}-template", ending)


def write_grids(request: HttpRequest) -> HttpResponse:
    """The grids in force that the user sees, in the import's shape."""
    today, ending = timezone.localdate(), ending_asked(request)
    rows = Grid.objects.visible_to(request.user).current(today).select_related("parent").order_by("tree_id", "code")
    rows = rows.defer("shape", "box", *heavy("parent"))
    return download(sheet.write_sheet(rows, ending), f"grids-{today:%Y%m%d}", ending)


def write_bindings(request: HttpRequest) -> HttpResponse:
    """The bindings in force that the user sees, in the import's shape."""
    today, ending = timezone.localdate(), ending_asked(request)
    rows = Binding.objects.visible_to(request.user).current(today).for_list().order_by("post__unit__name", "pk")
    return hand_out(request, roster.write_roster(rows, ending), f"{BINDINGS.file}-{today:%Y%m%d}", ending)


def write_posts(request: HttpRequest) -> HttpResponse:
    """The posts in force that the user sees, in the import's shape."""
    today, ending = timezone.localdate(), ending_asked(request)
    rows = Post.objects.visible_to(request.user).current(today).for_list().order_by("grid__code", "unit__name", "pk")
    return hand_out(request, post_sheet.write_posts(rows, ending), f"{POSTS.file}-{today:%Y%m%d}", ending)


def take_in(request: HttpRequest, page: Any, kind: ListKind) -> HttpResponse:
    """Upload a list; "only check" tells every fault and changes nothing."""
    form = ImportForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    changes: list[tuple[Any, ...]] = []
    by: Any = request.user
    if request.method == "POST" and form.is_valid():
        file, dry_run = form.cleaned_data["file"], form.cleaned_data["dry_run"]
        read = None
        try:
            read = kind.read(file.read(), file.name)
            result = kind.act(rows=read.rows, faults=read.faults, by=by, at=timezone.now(), dry_run=dry_run)
        except BadRows as bad:
            faults = read.told(bad.rows) if read else []
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, str(kind.said[not dry_run]) % asdict(result))
            if not dry_run:
                return redirect(kind.page("changelist"))
            changes = kind.tell(result)
    context = {
        "title": kind.title,
        "hint": kind.hint,
        "back": kind.page("changelist"),
        "template_url": kind.page("give_template"),
        "form": form,
        "faults": faults[:SHOWN_FAULTS],
        "more": max(len(faults) - SHOWN_FAULTS, 0),
        "count": len(faults),
        "changes": changes[:SHOWN_FAULTS],
        "more_changes": max(len(changes) - SHOWN_FAULTS, 0),
    }
    return _page(request, page, "grids/import.html", context, status=400 if faults or form.errors else 200)


def _page(request: HttpRequest, page: Any, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    opts = page.model._meta
    return render(request, name, {**page.admin_site.each_context(request), "opts": opts, **context}, status=status)
