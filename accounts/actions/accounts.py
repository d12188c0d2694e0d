"""Opening accounts, granting roles, locking, passwords, signing in."""

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import rules
from accounts.actions.delegations import end_those_of, hold_delegations
from accounts.choices import Role
from accounts.models import User
from gridgov.core.errors import Faults
from gridgov.core.masking import mask_phone
from gridgov.core.records import record


@transaction.atomic
def open_account(
    *, username: str, full_name: str, role: str, password: str | None, phone: str = "", by: User, at: dt.datetime
) -> User:
    """Open an account. It can't sign in until a security administrator has granted its role, unless the system opens it; a
    volunteer's waits for the review (`keep_volunteer`), whoever opens it.

    Raises Forbidden, or Faults for a bad name or password. `password=None` leaves it without one.
    """
    rules.can_open_account(by, role).insist()
    user = User(username=username, full_name=full_name, role=role, phone=phone, created_at=at)
    user.is_active = by.role == Role.SYSTEM and role != Role.VOLUNTEER
    _set_password(user, password)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise Faults(error.message_dict) from None
    user.save()
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
    changes = user.change(role=role, is_active=True, **kept)
    if "role" in changes:
        end_those_of(user, as_absent=True, by=by, at=at)
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
    changes = user.change(is_active=active)
    if not active:
        end_those_of(user, as_absent=False, by=by, at=at)
    record("accounts.switched", user, by=by, at=at, data={"changes": changes})
    return user


@transaction.atomic
def keep_volunteer(*, user: User, active: bool, full_name: str, phone: str, by: User, at: dt.datetime) -> User:
    """The account of a volunteer: whether it can sign in, and as whom. Whoever looks after volunteers decides, in the room
    above; accounts that work here are none of their business (Forbidden)."""
    user = _locked(user)
    rules.can_keep_volunteer(user).insist()
    changes = user.change(is_active=active, full_name=full_name, phone=phone)
    # Records stay when a volunteer is forgotten: they say that a name or number was changed, and not to what.
    said = {name: change if name == "is_active" else "…" for name, change in changes.items()}
    record("accounts.volunteer_kept", user, by=by, at=at, data={"changes": said})
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: User, at: dt.datetime) -> User:
    """Set a new password; the record says that, never what."""
    user = _locked(user)
    rules.can_set_password(by, user).insist()
    _set_password(user, password)
    user.save(update_fields=["password"])
    record("accounts.password_set", user, by=by, at=at)
    return user


@transaction.atomic
def note_sign_in(*, user: User, at: dt.datetime) -> None:
    """Write down that a session of USER began."""
    record("accounts.signed_in", _locked(user), by=user, at=at)


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _set_password(user: User, password: str | None) -> None:
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise Faults({"password": list(error.messages)}) from None
    user.set_password(password)
