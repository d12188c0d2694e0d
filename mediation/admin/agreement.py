"""The agreement at the desk: it is written, signed and sealed on the file's page."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core.errors import Verdict
from gridgov.core.verbs import Verb
from mediation.actions.agreements import withdraw_text, write_agreement
from mediation.actions.signing import sign
from mediation.choices.deeds import SignedBy, SignedHow
from mediation.forms.deeds import AgreementTextForm, SignForm
from mediation.forms.files import ReasonForm
from mediation.models import Mediation, Signature
from mediation.rules.agreements import can_agree, can_withdraw
from mediation.rules.files import can_now
from mediation.rules.signing import is_written


def _write(row: Mediation, **given: Any) -> Any:
    return write_agreement(mediation=row, **given)


def _may_write(by: User, row: Mediation) -> Verdict:
    return can_now(row, "agree") and can_agree(list(row.parties.all()), signed=_is_signed(row))


def _is_signed(row: Mediation) -> bool:
    """Whether somebody has signed the agreement of ROW."""
    return any(one.struck_at is None and one.session_id is None for one in row.signatures.all())


def _sign(
    row: Mediation, *, who: str, how: str, scan: Any, by: User, at: dt.datetime, drawn: bytes = b"", **given: Any
) -> Signature:
    """What was drawn belongs to the screen, what was picked to the paper."""
    kind, _sep, key = who.partition(":")
    picture = drawn if how == SignedHow.SCREEN else scan.read() if scan else b""
    whose: dict[str, Any] = {"seal": True} if kind == SignedBy.SEAL else {kind: int(key)}
    return sign(mediation=row, **whose, how=how, picture=picture, by=by, at=at, **given)


def _may_sign(by: User, row: Mediation) -> Verdict:
    return can_now(row, "agree") and is_written(getattr(row, "agreement", None))


def _withdraw(row: Mediation, **given: Any) -> Any:
    return withdraw_text(mediation=row, **given)


def _may_withdraw(by: User, row: Mediation) -> Verdict:
    return can_now(row, "agree") and can_withdraw(
        getattr(row, "agreement", None),
        mediates=row.assignments.mediated_by(by).exists(),
        signed=_is_signed(row),
    )


def _may_sign_record(by: User, row: Mediation) -> Verdict:
    return can_now(row, "sign_record")


BUTTONS = (
    Verb("write_agreement", _("Write the agreement"), _write, AgreementTextForm, _may_write, icon="edit_document",
         hint=_("By word of mouth it holds from the day it was reached; in writing from the last signature and the seal.")),
    Verb("sign", _("Sign or seal"), _sign, SignForm, _may_sign, icon="draw"),
    Verb("withdraw_text", _("Give this text up"), _withdraw, ReasonForm, _may_withdraw, icon="undo", danger=True,
         done=_("The signatures are struck out. Write the new text, then everybody signs it."),
         hint=_("Only before the agreement takes effect. All signatures below it are struck out and count no more; everybody signs"
                " the new text.")),
    Verb("sign_record", _("Sign this record"), _sign, SignForm, _may_sign_record, icon="draw", beside=True),
)  # fmt: skip
