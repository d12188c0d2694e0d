"""Posts: as a list, and by grid."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.choices import CASE_ROLES, Role
from accounts.models import User
from gridgov.core.admin_verbs import VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb
from grids import actions, rules
from grids.admin import cards, pages, staffing
from grids.admin.filters import AtFilter, UnderFilter
from grids.admin.grids import InForceFilter
from grids.admin.ground import GIVERS, OVERSEERS
from grids.choices import PostKind
from grids.forms.desk import DiscloseForm, EndForm, HandOverForm, PostForm
from grids.models import Post
from grids.queries import scope_of


def _may_end(by: User, post: Post) -> Verdict:
    return rules.can_end_post(by, scope_of(by), post, timezone.localdate())


def _end(row: Post, **given: Any) -> Post:
    return actions.end_post(post=row, **given)


def _hand_over(row: Post, **given: Any) -> Post:
    return actions.hand_over_post(post=row, **given)


def _may_disclose(by: User, post: Post) -> Verdict:
    """Only grids have public pages."""
    return _may_end(by, post) if post.grid_id else Verdict.clash(_t("Only posts on a grid stand on a public page."))


def _disclose(row: Post, **given: Any) -> Post:
    return actions.disclose_post(post=row, **given)


@admin.register(Post)
class PostAdmin(VerbAdmin):
    """A post is given once and ends once; everything between is fixed."""

    viewers = CASE_ROLES | GIVERS | {Role.SYSTEM_ADMIN}
    adders = GIVERS
    form = PostForm
    list_display = ("person", "kind", "place", "valid_from", "valid_to")
    list_filter = ("kind", InForceFilter, AtFilter, UnderFilter)
    search_fields = ("user__full_name", "user__username", "grid__code__startswith", "grid__name", "unit__name")
    search_help_text = _("Person, unit, or name or code of the grid")
    autocomplete_fields = ("grid", "unit")
    actions = None
    actions_list: ClassVar = ["by_grid", "contact_cards", "take_in", "write_out", "give_template"]
    fields = ("person", "kind", "place", "valid_from", "valid_to", "is_public_contact", "public_phone")
    verbs: ClassVar[tuple[Verb, ...]] = (
        Verb("hand-over", _("Hand over"), _hand_over, HandOverForm, may=_may_end, done=_("The post is handed over."),
             hint=_("One ends and the other begins, or neither. Bindings of a professional worker end with the old post."),
             icon="swap_horiz"),
        Verb("disclose", _("Name publicly"), _disclose, DiscloseForm, may=_may_disclose, icon="qr_code_2",
             hint=_("Who scans the QR code of the grid reads the name, the post and this number.")),
        Verb("end", _("End the post"), _end, EndForm, may=_may_end, done=_("The post ends on that day."),
             icon="person_remove", danger=True),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.for_list()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        usual = {"kind": PostKind.GRID_WORKER_FT, "valid_from": timezone.localdate()}
        return {**usual, **super().get_changeform_initial_data(request)}

    @display(description=_("person"), ordering="user__full_name")
    def person(self, post: Post) -> str:
        return str(post.user)

    @display(description=_("place"))
    def place(self, post: Post) -> str:
        return str(post.grid or post.unit or post.area_prefix)

    def get_fields(self, request: HttpRequest, obj: Post | None = None) -> tuple[str, ...]:
        return self.fields if obj else PostForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Post | None = None) -> tuple[str, ...]:
        return self.fields if obj else ()

    def act(self, request: HttpRequest, row: Post, form: Any, *, change: bool) -> Post:
        return form.became(actions.give_post(**form.cleaned_data, by=request.user, at=timezone.now()))

    def after_verb(self, request: HttpRequest, verb: Verb, row: Post) -> str:
        """Back to the grid among the others, for those who see them."""
        if row.grid and verb.name != "disclose" and self.has_oversight_permission(request):
            return staffing.address_of(row.grid)
        return super().after_verb(request, verb, row)

    # --- by grid

    def has_oversight_permission(self, request: HttpRequest) -> bool:
        return self._is_one_of(request, OVERSEERS)

    @action(description=_("By grid"), url_path="by-grid", permissions=["oversight"], icon="account_tree")
    def by_grid(self, request: HttpRequest) -> HttpResponse:
        return staffing.show_staffing(request, self)

    # --- cards

    def has_cards_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_one_of(request, frozenset({Role.STREET}))

    @action(description=_("Contact cards"), url_path="cards", permissions=["cards"], icon="contacts")
    def contact_cards(self, request: HttpRequest) -> HttpResponse:
        return cards.show_cards(request, self)

    # --- lists

    def has_import_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_one_of(request, GIVERS)

    @action(description=_("Import"), url_path="import", permissions=["import"], icon="upload")
    def take_in(self, request: HttpRequest) -> HttpResponse:
        return pages.take_in(request, self, pages.POSTS)

    @action(description=_("Export"), url_path="export", permissions=["view"], icon="download")
    def write_out(self, request: HttpRequest) -> HttpResponse:
        return pages.write_posts(request)

    @action(description=_("Empty list"), url_path="template", permissions=["import"], icon="table")
    def give_template(self, request: HttpRequest) -> HttpResponse:
        return pages.give_template(request, pages.POSTS)
