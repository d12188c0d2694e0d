"""What special teams ask for."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms.helping import Ticks
from cases.forms.parts import area
from cases.models import Case, Team
from gridgov.core.forms import HouseForm
from grids.choices import PostKind
from grids.models import Post


class DaysField(forms.CharField):
    """Days, one after the other: 2026-12-01, 2026-12-15."""

    def clean(self, value: Any) -> list[dt.date]:  # type: ignore[override]
        days = []
        for word in re.split(r"[\s,,、;;]+", super().clean(value).strip()):
            try:
                days += [dt.date.fromisoformat(word)] if word else []
            except ValueError:
                raise forms.ValidationError(_("“%(word)s” is no day like 2026-12-01.") % {"word": word}) from None
        return days


def _groups(case: Case, on: dt.date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who can be in a team: the posts on the case's ground, the desks of units, and the professional workers bound there.
    One query."""
    path = [pk for pk in (case.street_id, case.total_id, case.comprehensive_id, case.grid_id) if pk]
    desks = Q(unit__is_active=True) & ~Q(kind=PostKind.SPECIALIST_WORKER)
    bound = Q(kind=PostKind.SPECIALIST_WORKER, bindings__grid__in=path)
    posts = Post.objects.current(on).filter(Q(grid__in=path) | desks | bound, user__is_active=True)
    groups: dict[str, dict[str, str]] = {}
    for post in posts.for_list().order_by("grid__level", "unit__name", "user__full_name").distinct():
        label = str(post.grid or post.unit)
        groups.setdefault(label, {})[str(post.user_id)] = f"{post.user} · {post.get_kind_display()}"
    return [(label, list(people.items())) for label, people in groups.items()]


class TeamForm(HouseForm):
    lead = forms.TypedChoiceField(label=_("leads it"), coerce=int)
    members = forms.MultipleChoiceField(label=_("members"), required=False, widget=Ticks)
    tasks = area(_("tasks"), required=False, length=4000, help_text=_("One a line: name, a colon, what they do."))
    plan = area(_("plan"), length=4000)
    review_days = DaysField(
        label=_("review days"), max_length=400, help_text=_("Like 2026-12-01, 2026-12-15. The team is told at 08:30.")
    )

    def arrange(self) -> None:
        groups = _groups(self.row, timezone.localdate())
        self.people = {pk: label.split(" · ")[0] for _group, people in groups for pk, label in people}
        self.fields["lead"].choices = [("", "———"), *groups]
        self.fields["members"].choices = groups

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        tasks: dict[str, str] = {}
        for line in given.pop("tasks", "").splitlines():
            name, colon, task = line.replace(":", ":").partition(":")
            if line.strip() and not colon:
                self.add_error("tasks", _("“%(line)s” has no colon.") % {"line": line.strip()})
            tasks[name.strip()] = task.strip()
        chosen = [*given.get("members", []), str(given.get("lead") or "")]
        names = {self.people.get(pk, "") for pk in chosen}
        for name in tasks.keys() - names - {""}:
            self.add_error("tasks", _("%(name)s is not ticked as a member.") % {"name": name})
        given["members"] = [(int(pk), tasks.get(self.people[pk], "")) for pk in dict.fromkeys(chosen) if pk]
        return given


def open_team(case: Case) -> Team | None:
    """The open one, if the case came with it (cases.reports.whole_case)."""
    return next((team for team in case.teams.all() if team.ended_at is None), None)


class ChangeTeamForm(TeamForm):
    """As it is now, to be changed; the review days are further ones."""

    def arrange(self) -> None:
        super().arrange()
        self.fields["review_days"].required = False
        self.fields["review_days"].label = _("further review days")
        if (team := open_team(self.row)) is not None:
            members = list(team.members.all())
            self.initial = {
                "lead": team.lead_id, "members": [str(one.user_id) for one in members], "plan": team.plan,
                "tasks": "\n".join(f"{one.user}:{one.task}" for one in members if one.task),
            }  # fmt: skip
            self._keep(team)

    def _keep(self, team: Team) -> None:
        """Members whose posts have ended meanwhile can still be ticked."""
        gone = [one for one in team.members.all() if str(one.user_id) not in self.people]
        if gone:
            rows = [(str(one.user_id), str(one.user)) for one in gone]
            self.people |= dict(rows)
            for name in ("lead", "members"):
                self.fields[name].choices = [*self.fields[name].choices, (_("in the team already"), rows)]


class TeamReviewForm(HouseForm):
    review = forms.TypedChoiceField(label=_("review day"), coerce=int)
    note = area(_("findings"), length=2000)

    def arrange(self) -> None:
        team = open_team(self.row)
        due = [one for one in team.reviews.all() if one.held_at is None] if team else []
        self.fields["review"].choices = [(str(one.pk), str(one.due_on)) for one in due]


class EndTeamForm(HouseForm):
    summary = area(_("outcome"), length=2000)
