"""Links of parties at the desk: made, shown once, withdrawn."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.errors import Verdict
from gridgov.core.forms import HouseForm
from gridgov.core.verbs import Verb
from grids.forms.codes import Code, draw_code
from mediation.actions.links import make_link, withdraw_link
from mediation.models import Mediation, Party, PartyLink
from mediation.rules.links import can_be_linked


@dataclass(frozen=True)
class ShownLink:
    """What stands on the page once. `code` is drawn where the house knows by which address it is reached."""

    link: PartyLink
    path: str
    origin: str
    code: Code | None


class PartyForm(HouseForm):
    party = forms.TypedChoiceField(label=_("party"), coerce=int)

    def arrange(self) -> None:
        rows = Party.objects.filter(mediation=self.row).order_by("pk")
        self.fields["party"].choices = [(row.pk, f"{row.name} · {row.get_role_display()}") for row in rows]  # type: ignore[attr-defined]


def _may(by: User, row: Mediation) -> Verdict:
    return can_be_linked(row)


def _make(row: Mediation, *, party: int, by: User, at: dt.datetime) -> ShownLink:
    link, key = make_link(party=party, by=by, at=at)
    path, origin = reverse("t-party", args=[key]), settings.PUBLIC_ORIGIN
    return ShownLink(link, path, origin, draw_code(f"{origin}{path}") if origin else None)


def _withdraw(row: Mediation, *, party: int, by: User, at: dt.datetime) -> Any:
    return withdraw_link(party=party, by=by, at=at)


BUTTONS = (
    Verb("link", _("Link for a party"), _make, PartyForm, may=_may, icon="qr_code_2", menu=_("Links of parties"),
         shows="mediation/link_shown.html",
         hint=_("By it the party reads the own times and papers, agrees and signs. A new one ends the one before.")),
    Verb("unlink", _("Withdraw a link"), _withdraw, PartyForm, may=_may, icon="link_off", menu=_("Links of parties")),
)  # fmt: skip
