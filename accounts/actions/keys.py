"""Keys of other systems: making, revoking, and the minute of their last use."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from accounts.models import ApiClient, ApiKey, User
from accounts.rules import clients as rules
from gridgov.core.records import record


@transaction.atomic
def issue_key(
    *, client: ApiClient, name: str, ends: dt.datetime | None, by: User, at: dt.datetime
) -> tuple[ApiKey, str]:  # fmt: skip
    """A key that holds beside at most one other until it ENDS, and its words, which nobody can read again.

    Raises Forbidden, Invalid, or Conflict `two_keys`.
    """
    client = ApiClient.objects.locked(client)
    rules.can_issue_key(by, client, client.keys.live(at).count(), ends, at).insist()
    key, raw = ApiKey.objects.create_key(client=client, name=name, expiry_date=ends, created=at, made_by=by)
    data = {"name": name, "prefix": key.prefix, "ends": ends and ends.isoformat()}
    record("accounts.client_key_issued", client, by=by, at=at, data=data)
    return key, raw


@transaction.atomic
def revoke_key(*, key: ApiKey, by: User, at: dt.datetime) -> ApiKey:
    """KEY lets nobody in from now on."""
    client = ApiClient.objects.locked(key.client_id)
    key = ApiKey.objects.locked(key)
    rules.can_revoke_key(by, key).insist()
    key.change(revoked=True, revoked_at=at)
    record("accounts.client_key_revoked", client, by=by, at=at, data={"name": key.name, "prefix": key.prefix})
    return key


def note_use(*, key: ApiKey, at: dt.datetime) -> None:
    """Keep the minute in which KEY was used; one write a minute, however many requests."""
    minute = at.replace(second=0, microsecond=0)
    if key.last_used is None or key.last_used < minute:
        unknown = Q(last_used=None) | Q(last_used__lt=minute)
        ApiKey.objects.filter(unknown, pk=key.pk).update(last_used=minute)
