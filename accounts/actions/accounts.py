"""Opening accounts, granting roles, locking, passwords, signing in. Whatever changes who somebody is ends their sessions."""

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate

from accounts import rules
from accounts.actions.delegations import end_those_of, hold_delegations
from accounts.actions.sessions import end_all
from accounts.choices import ADMIN_HANDS, Role
from accounts.choices.signing import REMEMBERED, Ended
from accounts.models import PastPassword, User
from accounts.reports import was_theirs
from accounts.rules import passwords, signing
from gridgov.core.codes import digest
from gridgov.core.errors import Faults
from gridgov.core.locks import advisory_lock
from gridgov.core.masking import mask_phone
from gridgov.core.phones import plain_phone
from gridgov.core.questions import holds_post
from gridgov.core.records import record


@transaction.atomic
def open_account(
    *,
    username: str,
    full_name: str,
    role: str,
    password: str | None,
    phone: str = "",
    chosen: bool = False,
    by: User,
    at: dt.datetime,
) -> User:
    """Open an account. It can't sign in until a security administrator has granted its role, unless the system opens it; a
    volunteer's waits for the review (`keep_volunteer`), whoever opens it. The password is changed at the first sign-in, unless
    its owner has CHOSEN it.

    Raises Forbidden, Conflict `two_hands`, or Faults for a bad name or password. `password=None` leaves it without one.
    """
    rules.can_open_account(by, role).insist()
    user = User(username=username, full_name=full_name, role=role, phone=phone, created_at=at)
    user.is_active = by.role == Role.SYSTEM and role != Role.VOLUNTEER
    user.hand_of = _hand_of(user, role, at)
    _set_password(user, password, given=not chosen, at=at)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise Faults(error.message_dict) from None
    user.save()
    _remember_password(user, at)
    data = {"username": username, "role": role, "phone": mask_phone(phone)}
    record("accounts.opened", user, by=by, at=at, data=data)
    return user


@transaction.atomic
def grant_role(*, user: User, role: str, by: User, at: dt.datetime) -> User:
    """Say what USER may be, and let the account sign in. With another role, stand-ins agreed under the old one end."""
    hold_delegations()
    user = _locked(user)
    rules.can_grant_role(by, user, role).insist()
    kept = {} if role == user.role else {"keeps_confidential": False}
    changes = user.change(role=role, is_active=True, hand_of=_hand_of(user, role, at), **kept)
    changes.pop("hand_of", None)
    if "role" in changes:
        end_those_of(user, as_absent=True, by=by, at=at)
        end_all(user, Ended.ROLE, at)
    record("accounts.role_granted", user, by=by, at=at, data={"changes": changes})
    return user


@transaction.atomic
def entrust_confidential(*, user: User, entrusted: bool, by: User, at: dt.datetime) -> User:
    """Let USER see confidential reporters of the own street, each with a reason and a record; or not any more."""
    user = _locked(user)
    rules.can_entrust(by, user, entrusted).insist()
    record("accounts.entrusted", user, by=by, at=at, data={"changes": user.change(keeps_confidential=entrusted)})
    return user


@transaction.atomic
def switch_account(*, user: User, active: bool, by: User, at: dt.datetime) -> User:
    """Let an account sign in, or not any more; who can't sign in stands in for nobody."""
    hold_delegations()
    user = _locked(user)
    rules.can_switch(by, user).insist()
    if active:
        _hand_of(user, user.role, at)
    changes = user.change(is_active=active)
    if not active:
        end_those_of(user, as_absent=False, by=by, at=at)
        end_all(user, Ended.SWITCHED, at)
    record("accounts.switched", user, by=by, at=at, data={"changes": changes})
    return user


@transaction.atomic
def keep_volunteer(*, user: User, active: bool, full_name: str, phone: str, by: User, at: dt.datetime) -> User:
    """The account of a volunteer: whether it can sign in, and as whom. Whoever looks after volunteers decides, in the room
    above; accounts that work here are none of their business (Forbidden)."""
    user = _locked(user)
    rules.can_keep_volunteer(user).insist()
    changes = user.change(is_active=active, full_name=full_name, phone=phone)
    if not active:
        end_all(user, Ended.SWITCHED, at)
    # Records stay when a volunteer is forgotten: they say that a name or number was changed, and not to what.
    said = {name: change if name == "is_active" else "…" for name, change in changes.items()}
    record("accounts.volunteer_kept", user, by=by, at=at, data={"changes": said})
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: User, at: dt.datetime) -> User:
    """Set a new password, and end all sessions; the record says that, never what. Somebody else's is changed by its owner at the
    next sign-in. Raises Forbidden, Faults."""
    user = _locked(user)
    rules.can_set_password(by, user).insist()
    passwords.is_new(was_theirs(user, password)).insist()
    _set_password(user, password, given=by.pk != user.pk, at=at)
    user.save(update_fields=["password", "password_given", "password_set_at"])
    _remember_password(user, at)
    end_all(user, Ended.PASSWORD, at)
    record("accounts.password_set", user, by=by, at=at)
    return user


@transaction.atomic
def note_sign_in(*, user: User, at: dt.datetime) -> None:
    """Write down that USER is in."""
    record("accounts.signed_in", _locked(user), by=user, at=at)


@transaction.atomic
def note_half_in(*, user: User, must: list[str], at: dt.datetime) -> None:
    """Write down that USER's password was shown, or a provider's word, and what MUST still be shown or done before they are in."""
    record("accounts.half_in", _locked(user), by=user, at=at, data={"must": must})


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _hand_of(user: User, role: str, at: dt.datetime) -> str | None:
    """The digest of the phone of an administrator, once it is sure that no other of them has it, or the name."""
    if role not in ADMIN_HANDS:
        return None
    advisory_lock("accounts.hands")
    phone = plain_phone(user.phone)
    others = User.objects.filter(role__in=ADMIN_HANDS, is_active=True).exclude(pk=user.pk)
    same = next(
        (one for one in others if one.full_name == user.full_name or (phone and plain_phone(one.phone) == phone)), None
    )
    posted = user.pk is not None and any(holds_post.ask(user, localdate(at)))
    signing.can_be_hand(role, same, posted).insist()
    return digest(f"hand:{phone}") if phone else None


def _set_password(user: User, password: str | None, *, given: bool, at: dt.datetime) -> None:
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise Faults({"password": list(error.messages)}) from None
        user.password_set_at, user.password_given = at, given
    user.set_password(password)


def _remember_password(user: User, at: dt.datetime) -> None:
    """The last ones and no more."""
    if not user.has_usable_password():
        return
    PastPassword.objects.create(user=user, hash=user.password, set_at=at)
    kept = PastPassword.objects.filter(user=user).values("pk")[:REMEMBERED]
    PastPassword.objects.filter(user=user).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
