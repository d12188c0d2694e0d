"""What the desk asks about needs, projects, shifts and governance posts."""

from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.forms import PersonField
from cases.forms.parts import area
from cases.models import Case
from gridgov.core.forms import DeskForm, HouseForm, Ticks, put_on
from volunteers.choices.people import OLDEST, Skill
from volunteers.choices.work import (
    ABOUT_CHARS,
    MOST_PLACES,
    MOST_WEEKS,
    PLACE_CHARS,
    TITLE_CHARS,
    WORDS_CHARS,
    ProjectState,
    SignUpState,
)
from volunteers.forms.choosing import ChooseForm
from volunteers.models import Claim, GovernancePost, Need, Project, SignUp, Squad
from volunteers.reports.matching import who_fits
from volunteers.rules import signing_up as rules

MOST_FITTING = 30


def moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


def skills() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=_("skills wanted"), choices=Skill.choices, required=False, widget=Ticks)


class ProjectForm(DeskForm):
    organiser = PersonField(label=_("organiser (user name or full name; empty: you)"), required=False)
    skills = skills()

    class Meta:
        model = Project
        fields = ("title", "kind", "grid", "about", "organiser", "skills", "least_age", "is_dangerous", "is_public")
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class ChangeProjectForm(HouseForm):
    title = forms.CharField(label=_("title"), max_length=TITLE_CHARS)
    about = forms.CharField(
        label=_("what it is about"), max_length=ABOUT_CHARS, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    organiser = PersonField(label=_("organiser"))
    skills = skills()
    least_age = forms.IntegerField(label=_("from the age of"), min_value=0, max_value=OLDEST)
    is_dangerous = forms.BooleanField(label=_("dangerous: only for the insured"), required=False)
    is_public = forms.BooleanField(label=_("stands on the public page"), required=False)

    def arrange(self) -> None:
        names = ("title", "about", "skills", "least_age", "is_dangerous", "is_public")
        self.initial |= {name: getattr(self.row, name) for name in names} | {"organiser": self.row.organiser_id}


class ReasonForm(HouseForm):
    reason = area(_("reason"), length=WORDS_CHARS, help_text=_("Whoever signed up reads it."))


class PlanForm(HouseForm):
    starts_at = moment(_("begins at"))
    ends_at = moment(_("ends at"))
    break_minutes = forms.IntegerField(label=_("break in minutes"), min_value=0, max_value=600, initial=0)
    capacity = forms.IntegerField(label=_("places"), min_value=1, max_value=MOST_PLACES, initial=10)
    place = forms.CharField(label=_("place"), max_length=PLACE_CHARS)
    weeks = forms.IntegerField(
        label=_("so many weeks, on the same day"), min_value=1, max_value=MOST_WEEKS, initial=1, required=False
    )

    def clean_weeks(self) -> int:
        return self.cleaned_data["weeks"] or 1


class ChangeShiftForm(PlanForm):
    weeks = None

    def arrange(self) -> None:
        names = ("break_minutes", "capacity", "place")
        times = {name: localtime(getattr(self.row, name)) for name in ("starts_at", "ends_at")}
        self.initial |= {name: getattr(self.row, name) for name in names} | times


def _told(row: SignUp) -> str:
    return f"{row.volunteer.public_name} · {row.get_state_display()}"


class WhoIsHereForm(HouseForm):
    sign_ups = forms.MultipleChoiceField(label=_("who is here"), widget=Ticks)

    def arrange(self) -> None:
        rows = SignUp.objects.for_list().filter(shift=self.row, state__in=[SignUpState.BOOKED, SignUpState.NO_SHOW])
        self.fields["sign_ups"].choices = [(str(row.pk), _told(row)) for row in rows.order_by("pk")]

    def clean_sign_ups(self) -> list[int]:
        return sorted(map(int, self.cleaned_data["sign_ups"]))


class CloseForm(HouseForm):
    """The minutes of everybody who had a place, as check-in and check-out propose them."""

    def arrange(self) -> None:
        rows = SignUp.objects.for_list().filter(shift=self.row, state__in=rules.HELD).order_by("pk")
        for row in rows:
            self.fields[f"minutes_{row.pk}"] = forms.IntegerField(
                label=_told(row), min_value=0, max_value=rules.length_of(self.row),
                initial=rules.proposed_minutes(self.row, row), help_text=self._came(row),
            )  # fmt: skip

    @staticmethod
    def _came(row: SignUp) -> str:
        if row.arrived_at is None:
            return _t("did not check in")
        left = f"{localtime(row.left_at):%H:%M}" if row.left_at else "…"
        return f"{localtime(row.arrived_at):%H:%M} – {left}"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        return {"minutes": {int(name.removeprefix("minutes_")): value for name, value in given.items()}}


class PutDownForm(ChooseForm):
    """Those who fit best, with why; others by their numbers; or a whole squad."""

    squad = forms.ModelChoiceField(Squad.objects.none(), label=_("a whole squad"), required=False)

    def arrange(self) -> None:
        found = who_fits(self.row, self.row.starts_at, MOST_FITTING)
        self.fields["ticked"].label = _("who fits")
        self.fields["ticked"].choices = [(str(one.pk), f"{one.public_name} · {why(match)}") for one, match in found]
        squads = Squad.objects.visible_to(self.by).standing().filter(grid__tree_id=self.row.grid.tree_id)
        self.fields["squad"].queryset = squads.order_by("name")

    def more(self, given: dict[str, Any]) -> set[int]:
        squad = given["squad"]
        return set(squad.members.current().values_list("volunteer", flat=True)) if squad else set()


def why(match: Any) -> str:
    """In words why somebody fits."""
    near = {3: _t("same grid"), 2: _t("same community"), 1: _t("same street")}[int(match.near)]
    time = {True: _t("free then"), False: _t("other free times"), None: _t("free times unknown")}[match.free]
    load = _t("%(hours)s h in 90 days, %(count)s ahead") % {"hours": f"{match.hours:g}", "count": match.ahead}
    return " · ".join([near, time, *match.can, load])


class NeedForm(DeskForm):
    case_no = forms.CharField(label=_("number of the case, if one says so"), max_length=20, required=False)

    class Meta:
        model = Need
        fields = ("words", "grid", "case_no", "reference", "skill", "people", "wanted_on")
        widgets = {"words": forms.Textarea(attrs={"rows": 2})}

    # Whose scope the case must lie in; the page sets it.
    by: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "wanted_on" in self.fields:
            self.fields["wanted_on"].required = False
        put_on(self)

    def clean_case_no(self) -> Case | None:
        no = self.cleaned_data["case_no"].strip()
        if not no:
            return None
        case = Case.objects.visible_to(self.by).filter(no=no).defer("search").first() if self.by else None
        if case is None:
            raise forms.ValidationError(_t("There is no case with this number in your scope."))
        return case


class TakeUpForm(HouseForm):
    project = forms.ModelChoiceField(Project.objects.none(), label=_("project"))

    def arrange(self) -> None:
        rows = Project.objects.visible_to(self.by).filter(state__in=[ProjectState.DRAFT, ProjectState.OPEN])
        self.fields["project"].queryset = rows.filter(grid__tree_id=self.row.grid.tree_id).order_by("-id")


class PostForm(DeskForm):
    class Meta:
        model = GovernancePost
        fields = ("name", "duty", "grid", "place", "places")
        widgets = {"duty": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        put_on(self)


class EndClaimForm(HouseForm):
    claim = forms.TypedChoiceField(label=_("volunteer"), coerce=int)
    reason = area(_("reason"), length=WORDS_CHARS, help_text=_("The volunteer reads it."))

    def arrange(self) -> None:
        rows = Claim.objects.current().filter(post=self.row).select_related("volunteer").order_by("pk")
        self.fields["claim"].choices = [(row.pk, row.volunteer.public_name) for row in rows]
