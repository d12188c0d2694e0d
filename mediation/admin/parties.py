"""What is done with the parties of a file, and with those who help."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb
from mediation import actions
from mediation.admin.file_verbs import now, of_file
from mediation.forms import parties as forms
from mediation.models import Mediation
from mediation.rules.files import can_now


def _of_party(act: Callable[..., Any]) -> Callable[..., Any]:
    """ACT with the chosen party, which is of this row: a form offers no other."""
    return lambda row, *, party, **given: act(party=row.parties.filter(pk=party).first() or 0, **given)


def _of_helper(act: Callable[..., Any]) -> Callable[..., Any]:
    return lambda row, *, helper, **given: act(helper=helper, **given)


@transaction.atomic
def _agreed(row: Mediation, *, helper: int, parties: Sequence[int], **given: Any) -> None:
    for party in parties:
        actions.agree_to_helper(helper=helper, party=party, **given)


def _may_tell(by: User, row: Mediation) -> Verdict:
    verdict = can_now(row, "consent")
    left = any(party.told_at is None for party in row.parties.all())
    return verdict if not verdict or left else Verdict.clash(_("All parties have been told."))


def _may_drop(by: User, row: Mediation) -> Verdict:
    verdict = can_now(row, "meet")
    return verdict if not verdict or row.helpers.exists() else Verdict.clash(_("Nobody is invited."))


BUTTONS = (
    Verb("add-party", _("Name a party"), of_file(actions.add_party), forms.PartyForm, now("change"), icon="person_add", beside=True),
    Verb("change-party", _("Correct"), _of_party(actions.change_party), forms.ChangePartyForm, now("change"), icon="edit", beside=True),
    Verb("consent", _("Consent or refusal"), _of_party(actions.say_consent), forms.ConsentForm, now("consent"), icon="how_to_reg",
         beside=True),
    Verb("rights", _("Told of rights and duties"), _of_party(actions.tell_rights), forms.OnePartyForm, _may_tell, icon="menu_book",
         beside=True, hint=_("Read out or handed over: rights (art. 23), duties (art. 24), what an agreement means (art. 31).")),
    Verb("more-time", _("Wants more time"), _of_party(actions.want_more_time), forms.OnePartyForm, now("extend"), icon="more_time",
         beside=True),
    Verb("invite", _("Invite a helper"), of_file(actions.invite_helper), forms.InviteForm, now("meet"), icon="group_add", beside=True,
         hint=_("They come once all parties agree (People's Mediation Law, art. 20).")),
    Verb("helper-consent", _("Parties agree"), _agreed, forms.HelperConsentForm, _may_drop, icon="how_to_reg", beside=True),
    Verb("drop-helper", _("Take the invitation back"), _of_helper(actions.drop_helper), forms.HelperForm, _may_drop, icon="person_remove",
         beside=True),
)  # fmt: skip
