"""What the room does when Django says that somebody signed in, and what it knows of notices that nobody got."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions import drop_downloads, note_sign_in
from accounts.actions.downloads import file_of
from accounts.choices import KEPT
from accounts.choices.clients import WARN_DAYS
from accounts.models import Download, Notice, User
from accounts.reports import accounts_of, copy_of_account, downloads_due, ending, names_of_clients
from gridgov.core.doctor import Finding, State, check
from gridgov.core.gauges import Read, gauge
from gridgov.core.keeping import Going, Kind, Term, Ways, keeps
from gridgov.core.looking import Look, looks
from gridgov.core.media import names_files

# A standing job brings out each minute what was held long enough.
LATE = dt.timedelta(minutes=10)


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def signed_in(user: User, **_more: Any) -> None:
    """Every session begins with a record (handbook 1.9: the audit covers every user)."""
    note_sign_in(user=user, at=timezone.now())


@check("notices", _("Notices on their way"))
def notices_come_out(at: dt.datetime) -> Finding:
    held = Notice.objects.exclude(held_until=None).order_by()
    late = held.filter(held_until__lt=at - LATE).count()
    if not late:
        return Finding(State.OK, _t("%(count)d held until the quiet hours end") % {"count": held.count()})
    return Finding(
        State.BAD, _t("%(count)d notices should have been told by now") % {"count": late},
        _t("See whether beat and worker run, and the stuck jobs."), "core_job_changelist",
    )  # fmt: skip


@check("keys", _("Keys of connected systems"))
def keys_last(at: dt.datetime) -> Finding:
    found, page = ending(at), "accounts_apiclient_changelist"
    if not found:
        return Finding(State.OK, _t("No key ends within %(days)d days") % {"days": WARN_DAYS}, page=page)
    client, end = found[0]
    words = {"count": len(found), "name": client.name, "day": end and f"{localtime(end):%Y-%m-%d}"}
    advice = _t("Make a second key, hand it over, and revoke the first when it is no longer used.")
    if end is None:
        return Finding(
            State.WARN,
            _t("%(count)d systems come to their end, “%(name)s” has no key that holds") % words,
            advice,
            page,
        )
    return Finding(State.WARN, _t("%(count)d systems come to their end, “%(name)s” on %(day)s") % words, advice, page)


@gauge("gridgov_notices_late", "Notices that were held and should have been told by now")
def notices_late(at: dt.datetime) -> Read:
    yield (), float(Notice.objects.filter(held_until__lt=at - LATE).order_by().count())


@names_files("downloads")
def download_files() -> Iterator[str]:
    """Finished lists; one that is still gathered has its lines alone."""
    for row in Download.objects.order_by("pk").iterator():
        path = file_of(row)
        if row.finished_at is not None:
            yield str(path.relative_to(settings.MEDIA_ROOT))
        elif row.bytes:
            yield str(path.with_suffix(".lines").relative_to(settings.MEDIA_ROOT))


keeps(
    Kind(
        "accounts.user",
        _("accounts of those who work here"),
        purpose=_("to know who signs in and who did what"),
        basis=_("statutory duty; necessary for the work (PIPL 13 I 2, 3)"),
        where=_("in the accounts"),
        seen_by=_("the three administrator hands; colleagues read the name"),
        term=Term(
            None,
            _("as long as records name them; a closed account signs in no more"),
            _("records are never changed (Cybersecurity Law: logs at least six months)"),
        ),
        ways=Ways(
            find=accounts_of,
            label=lambda row: row.username,
            copy=copy_of_account,
            page="accounts_user",
            unerasable=_("Records name who did what; the account is closed instead."),
        ),
    )
)
keeps(
    Kind(
        "accounts.download",
        _("lists made into files"),
        purpose=_("work that needs a list"),
        basis=_("as the rows in them"),
        where=_("a file on the server's disk, marked with the reader's name"),
        seen_by=_("whoever asked for it"),
        term=Term(KEPT.days, _("after it was asked for"), _("the shortest that a download needs")),
        going=Going("accounts.tidy_downloads", drop_downloads, downloads_due, "expires_at"),
    )
)
looks(Look("accounts.client_looked", named=names_of_clients))
looks(Look("accounts.download_taken"))
