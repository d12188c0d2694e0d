"""Apps from which people come in already known: entering and switching them, and the coming in itself."""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import transaction

from accounts import rules
from accounts.choices.entry import CODE_HOLDS, DRIFT, FIRST_PAGE, EntryLink, kept_code
from accounts.models import EntryApp, EntryPass, User
from gridgov.core.errors import Refusal
from gridgov.core.locks import advisory_lock
from gridgov.core.records import Subject, record


@dataclass(frozen=True)
class Entrance:
    """Somebody who came in: from which app, and where to."""

    app: EntryApp
    user: User
    to: str


@transaction.atomic
def add_entry_app(*, name: str, origins: list[str], expires_on: dt.date | None, by: User, at: dt.datetime) -> EntryApp:
    """Enter an app. Nobody comes from it before it has a secret and a security administrator has switched it on.

    Raises Forbidden, or Invalid for a name that is taken or an origin that is none.
    """
    rules.can_keep_entry_apps(by).insist()
    rules.can_be_origins(origins).insist()
    rules.can_be_entry_app(name, EntryApp.objects.filter(name=name).exists()).insist()
    app = EntryApp.objects.create(
        name=name, key=secrets.token_hex(6), origins=origins, expires_on=expires_on, made_by=by, made_at=at
    )
    record("accounts.entry_app_added", app, by=by, at=at, data={"name": name, "origins": origins})
    return app


@transaction.atomic
def change_entry_app(
    *, app: EntryApp, origins: list[str], expires_on: dt.date | None, by: User, at: dt.datetime
) -> EntryApp:  # fmt: skip
    """Say who may frame our pages for APP, and until when it is good."""
    rules.can_keep_entry_apps(by).insist()
    rules.can_be_origins(origins).insist()
    app = EntryApp.objects.locked(app)
    changes = app.change(origins=origins, expires_on=expires_on)
    if changes:
        record("accounts.entry_app_changed", app, by=by, at=at, data={"changes": changes})
    return app


@transaction.atomic
def renew_entry_secret(*, app: EntryApp, by: User, at: dt.datetime) -> EntryApp:
    """Give APP a new secret; the one before is worth nothing at once. The record says that, never what."""
    rules.can_keep_entry_apps(by).insist()
    app = EntryApp.objects.locked(app)
    app.change(salt=secrets.token_hex(16))
    record("accounts.entry_secret_renewed", app, by=by, at=at)
    return app


@transaction.atomic
def switch_entry_app(*, app: EntryApp, active: bool, by: User, at: dt.datetime) -> EntryApp:
    """Let people come from APP, or not any more."""
    app = EntryApp.objects.locked(app)
    rules.can_switch_entry_app(by, app, active).insist()
    record("accounts.entry_app_switched", app, by=by, at=at, data={"changes": app.change(is_active=active)})
    return app


@transaction.atomic
def enter_by_link(*, link: EntryLink, at: dt.datetime) -> Entrance:
    """Let in whom a signed link names, once. Raises Forbidden with the reason as its code."""
    app = EntryApp.objects.filter(key=link.app).first()
    rules.can_use_entry_app(app, at).insist()
    assert app is not None
    rules.can_trust_link(link, app.secret, at).insist()
    user = User.objects.able().filter(username=link.account).first()
    rules.can_enter(user).insist()
    assert user is not None
    # Twice at the same moment: the second waits for the first, and finds its row.
    _made, new = EntryPass.objects.get_or_create(
        app=app, nonce=link.nonce, defaults={"user": user, "used_at": at, "expires_at": at + 2 * DRIFT}
    )
    rules.can_pass_once(new).insist()
    return _come_in(app, user, link.to, at=at)


@transaction.atomic
def issue_entry_code(*, key: str, secret: str, account: str, to: str, at: dt.datetime) -> tuple[str, dt.datetime]:
    """A code with which the browser of ACCOUNT comes in once, for an app that shows its secret; and until when it holds."""
    app = EntryApp.objects.filter(key=key).first()
    rules.can_use_entry_app(app, at).insist()
    assert app is not None
    rules.can_trust_secret(secret, app.secret).insist()
    rules.can_lead_to(to).insist()
    user = User.objects.able().filter(username=account).first()
    rules.can_enter(user).insist()
    code, until = secrets.token_urlsafe(24), at + CODE_HOLDS
    row = EntryPass.objects.create(app=app, nonce=kept_code(code), user=user, to=to, expires_at=until)
    record("accounts.entry_code_issued", row, by=user, at=at, data={"app": app.name})
    return code, until


@transaction.atomic
def enter_by_code(*, code: str, at: dt.datetime) -> Entrance:
    """Let in whom a code was issued for, once. Raises Forbidden with the reason as its code."""
    row = EntryPass.objects.select_for_update(of=("self",)).filter(nonce=kept_code(code)).first()
    rules.can_use_code(row, at).insist()
    assert row is not None
    app, user = row.app, User.objects.able().filter(pk=row.user_id).first()
    rules.can_use_entry_app(app, at).insist()
    rules.can_enter(user).insist()
    assert user is not None
    row.change(used_at=at)
    return _come_in(app, user, row.to, at=at)


@transaction.atomic
def note_refused_entry(*, key: str, account: str, refusal: Refusal, by: User, at: dt.datetime) -> None:
    """Write down that nobody came in; of the app that was named, if there is one."""
    app = EntryApp.objects.filter(key=key).first()
    subject: EntryApp | Subject = EntryApp.objects.locked(app) if app else Subject("accounts.entryapp", 0)
    if app is None:
        advisory_lock("accounts.entry_refused")
    record("accounts.entry_refused", subject, by=by, at=at, data={"reason": refusal.code, "account": account[:48]})


@transaction.atomic
def drop_entry_passes(*, at: dt.datetime) -> int:
    """Forget links and codes that can't be used any more anyway; how many."""
    return int(EntryPass.objects.filter(expires_at__lt=at).delete()[0])


def _come_in(app: EntryApp, user: User, to: str, *, at: dt.datetime) -> Entrance:
    held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    record("accounts.entered", held, by=user, at=at, data={"app": app.name, "key": app.key})
    return Entrance(app, user, to or FIRST_PAGE)
