"""What the map answers when rooms below ask."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.choices import NoticeKind, Role
from accounts.choices.wording import NoticeTemplate, notice_templates
from accounts.models import User
from gridgov.core.doctor import Finding, State, check
from gridgov.core.keeping import Kind, Term, Ways, keeps
from gridgov.core.questions import Place, holds_post, places_of
from grids.choices import CODE_DIGITS, NOTICE_GROUP, NOTICE_HOUSEHOLDS, NOTICE_REDRAW_FAILED, NOTICE_REDRAWN, GridKind
from grids.models import Grid, Post
from grids.queries import scope_of
from grids.reports import tree_faults

DISTRICT = 6
STREET = CODE_DIGITS[GridKind.STREET]


@places_of.answers
def streets_and_districts(by: User, on: dt.date | None = None) -> list[Place]:
    """The streets that BY's posts stand on, and their districts. A street is kept from a post on it, a district
    and all its streets from a post for it; the system hand keeps all there are."""
    if by.role in {Role.SYSTEM_ADMIN, Role.SYSTEM}:
        streets = dict(Grid.objects.filter(parent=None).order_by().values_list("code", "name"))
        return _with_districts(streets, kept={*streets, *(code[:DISTRICT] for code in streets)})
    scope = scope_of(by, on)
    own = {node.code: node.name for node in scope.nodes if node.parent_id is None}
    return _with_districts(own, kept={*own, *scope.districts})


@holds_post.answers
def has_a_post(user: User, on: dt.date) -> bool:
    return Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), user=user).exists()


def _with_districts(streets: dict[str, str], kept: set[str]) -> list[Place]:
    districts = {code[:DISTRICT] for code in {*streets, *kept}}
    return [
        *(Place(code, kept=code in kept) for code in districts),
        *(Place(code, name, kept=code in kept) for code, name in streets.items()),
    ]


@notice_templates.answers
def told_about_grids() -> list[NoticeTemplate]:
    texts = (NOTICE_REDRAWN, NOTICE_REDRAW_FAILED, NOTICE_HOUSEHOLDS, NOTICE_GROUP)
    return [NoticeTemplate(text, NoticeKind.SYSTEM) for text in texts]


@check("trees", _("Grid tree"))
def trees_are_whole(at: dt.datetime) -> Finding:
    faults = tree_faults()
    page = "grids_grid_changelist"
    if not faults:
        return Finding(State.OK, _t("Grids and party organisations hang together"), page=page)
    words = {"count": len(faults), "first": f"{faults[0].name}: {faults[0].message}"}
    return Finding(
        State.BAD, _t("%(count)d faults, the first: %(first)s") % words,
        _t("Number the trees anew; what is left then needs a person:"), page, code="manage.py check_grids --fix",
    )  # fmt: skip


keeps(
    Kind(
        "grids.post",
        _("numbers of posts that residents read"),
        purpose=_("so that residents reach whoever serves them"),
        basis=_("necessary for the work (PIPL 13 I 2)"),
        where=_("on public pages and contact cards, where the office has released them"),
        seen_by=_("everybody"),
        term=Term(None, _("as long as the post is held"), _("the office releases and takes back")),
        ways=Ways(
            find=lambda person: Post.objects.about_phone(person.phone).select_related("grid"),
            label=lambda row: str(row.get_kind_display()),
            copy=lambda row: {"role": str(row.get_kind_display()), "phone": row.public_phone},
            page="grids_post",
            unerasable=_("Changed on the page of the post."),
        ),
    )
)
