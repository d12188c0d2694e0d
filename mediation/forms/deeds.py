"""What the desk asks for about an agreement and what comes after it."""

from typing import Any, cast

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from cases.forms.parts import area
from gridgov.core.forms import HouseForm
from mediation.choices.deeds import (
    CONTENT_CHARS,
    COURT_CHARS,
    MANNER_CHARS,
    PAPER_BYTES,
    SEALED_HERE,
    WORDS_CHARS,
    AgreementForm,
    Performance,
    Retention,
    Satisfaction,
    SignedBy,
    SignedHow,
)
from mediation.choices.files import MATTER_CHARS, REASON_CHARS
from mediation.forms.drawn import DrawnField
from mediation.forms.parts import TasksField, TasksInput, TextInput, day_field
from mediation.models import Agreement, Seat, Session
from mediation.reports.completeness import missing
from mediation.reports.signing import record_digest, said_by, signers

AT_DESK = [(SignedHow.SCREEN.value, SignedHow.SCREEN.label), (SignedHow.SCAN.value, SignedHow.SCAN.label)]


def _choose(form: forms.Form, name: str) -> forms.ChoiceField:
    return cast(forms.ChoiceField, form.fields[name])


class AgreementTextForm(HouseForm):
    """What stands already is filled in; facts and points come from the file."""

    form = forms.ChoiceField(label=_("form"), choices=AgreementForm.choices)
    facts = area(_("main facts"), required=False, length=MATTER_CHARS)
    points = area(_("points in dispute"), required=False, length=MATTER_CHARS)
    duties = area(_("responsibilities of the parties"), required=False, length=MATTER_CHARS)
    content = area(_("what is agreed"), required=False, length=CONTENT_CHARS)
    manner = area(_("manner of performance"), required=False, length=MANNER_CHARS)
    deadline = day_field(_("to be performed by"))
    reached_on = day_field(
        _("reached on"), required=False,
        help_text=_("Only by word of mouth, where it was reached before today; it holds from that day."),
    )  # fmt: skip
    tasks = TasksField(label=_("items of performance"), required=False)

    def arrange(self) -> None:
        stands = Agreement.objects.filter(mediation=self.row).select_related("mediation").first()
        said = said_by(stands) if stands else None
        self.initial = {
            "facts": self.row.facts, "points": self.row.points, **(vars(said) if said else {}),
            "tasks": [(one.party, one.what, one.due_on.isoformat()) for one in said.tasks] if said else [],
        }  # fmt: skip
        lines = cast(TasksInput, self.fields["tasks"].widget)
        lines.parties = [(party.pk, party.name) for party in self.row.parties.order_by("pk")]


class SignForm(HouseForm):
    """Who hasn't signed yet, below the text as it stands now. ?who=party:12 names somebody, ?session=3 the record of that one."""

    digest = forms.CharField(label=_("text to be signed"), widget=TextInput)
    session = forms.IntegerField(required=False, widget=forms.HiddenInput)
    who = forms.ChoiceField(label=_("who signs"))
    how = forms.ChoiceField(label=_("how"), choices=AT_DESK)
    drawn = DrawnField(label=_("signature on the screen"), required=False)
    scan = forms.FileField(
        label=_("scan of the signed paper"), required=False,
        help_text=_("Photo or PDF. Not needed where the scan lies among the papers already."),
    )  # fmt: skip
    signed_on = day_field(_("signed on"))
    effective_on = day_field(
        _("takes effect on, as the paper says"), required=False,
        help_text=_("Only for paper that says so. It is the day of the last signature or seal."),
    )  # fmt: skip

    def arrange(self) -> None:
        self.initial.setdefault("signed_on", localdate())
        session = self._session()
        text = cast(TextInput, self.fields["digest"].widget)
        if session is None:
            agreement = Agreement.objects.filter(mediation=self.row).first()
            text.shown = {"agreement": agreement}
            digest = agreement.digest if agreement else ""
        else:
            text.shown, digest = {"session": session}, record_digest(session)
            del self.fields["effective_on"]
        # Sent back unchanged: what was read is what is signed.
        self.initial["digest"] = digest
        directs = Seat.objects.directing(self.by).filter(committee=self.row.committee_id).exists()
        unsigned = (one for one in signers(self.row, session) if one.signature is None)
        waiting = [one for one in unsigned if directs or one.by_whom != SignedBy.SEAL]
        _choose(self, "who").choices = [(one.key, f"{one.label} · {one.name}") for one in waiting]
        if self._given("who") == SignedBy.SEAL:
            del self.fields["drawn"]
            _choose(self, "how").choices = [(SignedHow.SCREEN.value, SEALED_HERE), *AT_DESK[1:]]

    def _given(self, name: str) -> str:
        """What was sent as NAME, or the link that led here says of it."""
        return str((self.data if self.is_bound else self.initial).get(name) or "")

    def _session(self) -> Session | None:
        given = self._given("session")
        if not (given.isascii() and given.isdecimal() and len(given) <= 18):
            return None
        return Session.objects.filter(mediation=self.row, pk=int(given)).first()

    def clean_scan(self) -> Any:
        found = self.cleaned_data["scan"]
        if found is not None and found.size > PAPER_BYTES:
            raise forms.ValidationError(_("The file is bigger than %(max)d MB.") % {"max": PAPER_BYTES >> 20})
        return found


class PerformanceForm(HouseForm):
    """?task=12 names the item."""

    task = forms.TypedChoiceField(label=_("item of performance"), coerce=int)
    state = forms.ChoiceField(label=_("performance"), choices=Performance.choices)
    done_on = day_field(_("done on"), required=False)
    note = area(
        _("note"), required=False, length=WORDS_CHARS, help_text=_("Proof of performance is added to the papers.")
    )

    def arrange(self) -> None:
        tasks = self.row.tasks.select_related("party")
        _choose(self, "task").choices = [(one.pk, f"{one.party} · {one.what[:40]} · {one.due_on}") for one in tasks]
        self.initial.setdefault("state", Performance.DONE)
        self.initial.setdefault("done_on", localdate())


class FollowUpForm(HouseForm):
    on = day_field(_("asked on"))
    performance = forms.ChoiceField(label=_("performance"), choices=Performance.choices)
    satisfaction = forms.ChoiceField(
        label=_("satisfaction"), choices=[("", "—"), *Satisfaction.choices], required=False
    )
    relapsed = forms.BooleanField(label=_("the dispute began anew"), required=False)
    note = area(_("note"), required=False, length=WORDS_CHARS)

    def arrange(self) -> None:
        self.initial.setdefault("on", localdate())


class AskCourtForm(HouseForm):
    on = day_field(_("asked on"))
    court = forms.CharField(label=_("court"), max_length=COURT_CHARS)

    def arrange(self) -> None:
        self.initial.setdefault("on", localdate())


class RulingForm(HouseForm):
    confirmed = forms.TypedChoiceField(
        label=_("answer of the court"), coerce=lambda given: given == "yes",
        choices=[("yes", _("confirmed by the court")), ("no", _("rejected by the court"))],
    )  # fmt: skip
    on = day_field(_("answered on"))
    court_no = forms.CharField(label=_("number of the court"), max_length=COURT_CHARS, required=False)

    def arrange(self) -> None:
        self.initial.setdefault("on", localdate())


class FileVolumeForm(HouseForm):
    """Says what is missing; then the statement has to say why."""

    retention = forms.ChoiceField(label=_("kept for"), choices=Retention.choices)
    statement = area(_("statement about the volume"), required=False, length=REASON_CHARS)

    def arrange(self) -> None:
        self.initial.setdefault("retention", self.row.retention)
        lacks = [gap.words for gap in missing(self.row) if gap.required]
        field = self.fields["statement"]
        if lacks:
            field.help_text = _("Missing: %(gaps)s Say why; it stands in the volume.") % {"gaps": " ".join(lacks)}
        else:
            field.help_text = _("The set is complete.")
