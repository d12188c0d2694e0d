"""The roster of volunteers: who waits for a review, who is here; names and numbers masked until somebody gives a reason."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.models import User
from gridgov.core.admin_base import ChoiceFilter
from gridgov.core.admin_verbs import Verb, VerbAdmin
from gridgov.core.errors import Verdict
from gridgov.core.masking import mask_name, mask_phone
from gridgov.core.phones import plain_phone
from grids.admin import pages
from grids.admin.filters import CommunityFilter
from volunteers import actions
from volunteers.admin import looks, rosters
from volunteers.choices.people import ORGANISERS, Skill, VolunteerKind, VolunteerState
from volunteers.forms import people as forms
from volunteers.models import Squad, Volunteer
from volunteers.rules import people as rules

SHOWN_BESIDE = 10


class SkillFilter(ChoiceFilter):
    title = _("skill")
    parameter_name = "skill"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Skill.choices)

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        chosen = self.chosen()
        return rows.filter(skills__contains=[chosen]) if chosen else rows


class StandsFilter(ChoiceFilter):
    title = _("in a squad")
    parameter_name = "squad"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("yes")), ("0", _("no"))]

    def queryset(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        chosen = self.chosen()
        return rows.in_a_squad(chosen == "1") if chosen else rows


def _on(act: Any) -> Any:
    return lambda row, **given: act(volunteer=row, **given)


def _accept(row: Volunteer, **given: Any) -> Volunteer:
    return actions.review_volunteer(volunteer=row, accepted=True, **given)


def _refuse(row: Volunteer, **given: Any) -> Volunteer:
    return actions.review_volunteer(volunteer=row, accepted=False, **given)


def _surely(act: Any) -> Any:
    """What a box is ticked for first."""
    return lambda row, *, sure, **given: act(volunteer=row, **given)


def _may_reveal(by: User, row: Volunteer) -> Verdict:
    return rules.can_reveal(by, row, "because")


def _may_forget(by: User, row: Volunteer) -> Verdict:
    return rules.can_forget(by, row, timezone.now())


_MORE = _("More")
VERBS: tuple[Verb, ...] = (
    Verb("accept", _("Take in"), _accept, may=rules.can_review, done=_("A volunteer more; the account can sign in."),
         icon="how_to_reg", key="s"),
    Verb("refuse", _("Do not take in"), _refuse, forms.RefuseForm, rules.can_review, danger=True, icon="person_off",
         done=_("Not taken in. Name and phone are deleted in 30 days.")),
    Verb("again", _("Review once more"), _on(actions.take_up_again), may=rules.can_take_up_again, icon="restart_alt"),
    Verb("reveal", _("Show name and phone"), _on(actions.reveal_volunteer), forms.LookForm, _may_reveal,
         shows="volunteers/revealed.html", icon="visibility",
         hint=_("Shown once. That you looked, and why, is recorded.")),
    Verb("training", _("Training and insurance"), _on(actions.note_training), forms.TrainingForm, rules.can_correct,
         icon="school", done=_("It is noted.")),
    Verb("resume", _("Here again"), _on(actions.resume_volunteer), may=rules.can_resume, icon="play_arrow"),
    Verb("correct", _("Correct"), _on(actions.correct_volunteer), forms.CorrectForm, rules.can_correct, icon="edit",
         menu=_MORE, done=_("Corrected.")),
    Verb("password", _("Give a new password"), _surely(actions.give_password), forms.SureForm, rules.can_give_password,
         shows="volunteers/password.html", icon="key", menu=_MORE,
         hint=_("For somebody who has forgotten the own one and whom you know. It is shown once; the volunteer is told.")),
    Verb("pause", _("Rest"), _on(actions.pause_volunteer), forms.ReasonForm, rules.can_pause, icon="pause", menu=_MORE,
         done=_("Rests: stays in the squads and is not counted.")),
    Verb("leave", _("Leave"), _on(actions.leave_volunteering), forms.ReasonForm, rules.can_leave, icon="logout", menu=_MORE,
         danger=True, done=_("Left. Name and phone are kept for three years, for certificates.")),
    Verb("forget", _("Delete name and phone now"), _surely(actions.forget_volunteer), forms.SureForm, _may_forget,
         icon="delete_forever", menu=_MORE,
         danger=True, done=_("Deleted."),
         hint=_("For somebody who is no longer here and asks for it. The number stays, with hours and certificates.")),
)  # fmt: skip


@admin.register(Volunteer)
class VolunteerAdmin(VerbAdmin):
    viewers = ORGANISERS
    verbs = VERBS
    primary = "accept"
    by_key = True
    list_display = ("who", "called", "kind_chip", "state_chip", "where", "can", "served", "since")
    list_display_links = ("who",)
    list_filter = ("state", "kind", SkillFilter, StandsFilter, CommunityFilter)
    search_fields = ("no",)
    search_help_text = _("Number or nickname; name or phone in full")
    empty = _(
        "No volunteer here. People enrol on the residents' pages or by the QR code of their grid; or a list brings them in."
    )
    actions = None
    actions_list: ClassVar = ["take_in", "give_template", "ask_export"]
    sortable_by = ()
    ordering = ("-id",)
    fields = (
        "no", "nickname", "called", "state_chip", "reason", "kind_chip", "employer", "where", "serving", "can", "free", "age",
        "guardian", "squads", "served", "trained", "national_no", "applied", "review", "account", "same_phone", "kept",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).for_list()

    def get_search_results(self, request: HttpRequest, rows: QuerySet, term: str) -> tuple[QuerySet, bool]:
        """Who knows a name or a phone number in full finds whose it is; by parts nobody is found."""
        said = term.strip().replace("\0", "")
        if not said:
            return rows, False
        whole = Q(name=said) | Q(phone=plain_phone(said)) if len(said) > 1 else Q(pk__in=[])
        return rows.filter(Q(no__istartswith=said) | Q(nickname__icontains=said) | whole), False

    # --- lists that come and go

    def has_import_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_one_of(request, ORGANISERS)

    @action(description=_("Import"), url_path="import", permissions=["import"], icon="upload")
    def take_in(self, request: HttpRequest) -> HttpResponse:
        return pages.take_in(request, self, rosters.VOLUNTEERS)

    @action(description=_("Empty list"), url_path="template", permissions=["import"], icon="table")
    def give_template(self, request: HttpRequest) -> HttpResponse:
        return pages.give_template(request, rosters.VOLUNTEERS)

    @action(description=_("Export"), url_path="export", permissions=["import"], icon="download")
    def ask_export(self, request: HttpRequest) -> HttpResponse:
        return rosters.ask_export(request, self)

    # --- columns and fields

    @display(description=_("volunteer"))
    def who(self, row: Volunteer) -> str:
        return looks.two(row.public_name, row.no)

    @display(description=_("name and phone"))
    def called(self, row: Volunteer) -> str:
        return looks.two(mask_name(row.name) or "—", mask_phone(row.phone) or "—")

    @display(description=_("kind"))
    def kind_chip(self, row: Volunteer) -> str:
        return looks.chip(VolunteerKind(row.kind))

    @display(description=_("state"))
    def state_chip(self, row: Volunteer) -> str:
        return looks.chip(VolunteerState(row.state))

    @display(description=_("grid"))
    def where(self, row: Volunteer) -> str:
        return looks.two(row.grid.name, row.grid.code)

    @display(description=_("skills"))
    def can(self, row: Volunteer) -> str:
        return looks.skills(row)

    @display(description=_("hours of service"))
    def served(self, row: Volunteer) -> str:
        balance = getattr(row, "balance", None)
        return looks.hours(balance.minutes) if balance else "—"

    @display(description=_("applied"))
    def since(self, row: Volunteer) -> str:
        return looks.day(timezone.localdate(row.applied_at))

    @display(description=_("applied"))
    def applied(self, row: Volunteer) -> str:
        return f"{looks.moment(row.applied_at)} · {row.consent}"

    @display(description=_("free times"))
    def free(self, row: Volunteer) -> str:
        return looks.times(row)

    @display(description=_("serves in"))
    def serving(self, row: Volunteer) -> str:
        return " · ".join(row.serves.order_by("code").values_list("name", flat=True)) or "—"

    @display(description=_("age"))
    def age(self, row: Volunteer) -> str:
        return str(rules.age_on(row.born_on, timezone.localdate())) if row.born_on else "—"

    @display(description=_("guardian"))
    def guardian(self, row: Volunteer) -> str:
        if not row.guardian_name:
            return "—"
        return (
            f"{mask_name(row.guardian_name)} {mask_phone(row.guardian_phone)} · {looks.moment(row.guardian_agreed_at)}"
        )

    @display(description=_("squads"))
    def squads(self, row: Volunteer) -> str:
        found = Squad.objects.filter(members__volunteer=row, members__until=None).values_list("pk", "name")
        links = ((f"../../../squad/{pk}/change/", name) for pk, name in found)
        return format_html_join(" · ", '<a class="gg-link" href="{}">{}</a>', links) or "—"

    @display(description=_("training and insurance"))
    def trained(self, row: Volunteer) -> str:
        words = _("trained on %(trained)s, insured until %(insured)s")
        return words % {"trained": looks.day(row.trained_on), "insured": looks.day(row.insured_until)}

    @display(description=_("reviewed by whom"))
    def review(self, row: Volunteer) -> str:
        return f"{row.reviewed_by} {looks.moment(row.reviewed_at)}" if row.reviewed_at else "—"

    @display(description=_("account"))
    def account(self, row: Volunteer) -> str:
        if row.user is None:
            return "—"
        able = _("can sign in") if row.user.is_active else _("can't sign in")
        return f"{row.user.username} · {row.user.get_role_display()} · {able}"

    @display(description=_("same phone"))
    def same_phone(self, row: Volunteer) -> str:
        """Perhaps enrolled twice, perhaps a family: whoever reviews decides."""
        if not row.phone:
            return "—"
        others = Volunteer.objects.filter(phone=row.phone).exclude(pk=row.pk).order_by("pk")
        found = [f"{other.no} {other.get_state_display()}" for other in others[:SHOWN_BESIDE]]
        return format_html('<span class="gg-text">{}</span>', " · ".join(found)) if found else "—"

    @display(description=_("name and phone kept until"))
    def kept(self, row: Volunteer) -> str:
        if row.forgotten_at:
            return str(_("deleted on %(day)s") % {"day": looks.day(timezone.localdate(row.forgotten_at))})
        return looks.day(timezone.localdate(row.forget_at)) if row.forget_at else str(_("as long as they are here"))
