"""What the room does when Django says that somebody signed in, and what the doctor hears of it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db.models import Count, Q, Sum
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.actions import drop_downloads, note_half_in, note_sign_in
from accounts.actions.downloads import file_of
from accounts.choices import ADMIN_HANDS, DESK_ROLES, KEPT
from accounts.choices.clients import WARN_DAYS
from accounts.choices.signing import LOCKED, STALE, idle_of, is_easy
from accounts.models import Download, Factor, Notice, Session, Tries, User
from accounts.reports import accounts_of, copy_of_account, downloads_due, ending, names_of_clients
from accounts.rules import signing as rules
from gridgov.core.counts import address_of
from gridgov.core.devices import device_of
from gridgov.core.doctor import Finding, State, check
from gridgov.core.gauges import Read, gauge
from gridgov.core.keeping import Going, Kind, Term, Ways, keeps
from gridgov.core.looking import Look, looks
from gridgov.core.media import names_files
from gridgov.core.tokens import token_holds

# A standing job brings out each minute what was held long enough.
LATE = dt.timedelta(minutes=10)
# Of many names only the first are told.
MOST_NAMED = 5


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def signed_in(user: User, request: HttpRequest, **_more: Any) -> None:
    """Every session begins with a record (handbook 1.9: the audit covers every user), and with what comes before the house. It
    is decided here, where every way in comes past: no page that signs somebody in can forget it."""
    now = timezone.now()
    phone = not request.path.startswith(reverse("admin:index"))
    request.session["about"] = {
        "address": address_of(request),
        "device": device_of(request.META.get("HTTP_USER_AGENT", "")),
        "idle": int(idle_of(user.role, phone=phone).total_seconds()),
    }
    has_factor = Factor.objects.filter(user=user, confirmed_at__isnull=False).exists()
    must = request.session["must"] = rules.must_first(user, has_factor=has_factor, at=now)
    request.session["since"] = now.timestamp()
    if must:
        note_half_in(user=user, must=must, at=now)
    else:
        note_sign_in(user=user, at=now)


@token_holds.answers
def holds(user: User, made: dt.datetime) -> bool:
    return rules.token_holds(user, made, timezone.now())


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


@check("keys", _("Keys of connected systems"), names=True)
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


@gauge("gridgov_sessions", "Sessions of people who are signed in and have used it within their time")
def sessions_alive(at: dt.datetime) -> Read:
    """Reads those that may still hold (index session_expiry), half a day's: as many tomorrow as today."""
    yield (), float(Session.objects.going_on(at).exclude(began_at=None).order_by().count())


@gauge(
    "gridgov_sign_in_tries",
    "Of the last quarter of an hour: wrong tries to sign in, and names that are locked",
    ("state",),
)
def sign_in_tries(at: dt.datetime) -> Read:
    """Names that nobody bears count as well: whoever guesses does not know which ones there are."""
    recent = Tries.objects.filter(last_at__gt=at - LOCKED)
    found = recent.aggregate(wrong=Sum("failures", default=0), locked=Count("pk", filter=Q(locked_until__gt=at)))
    yield from ((("wrong",), float(found["wrong"])), (("locked",), float(found["locked"])))


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


@check("factors", _("Second factors of administrators"), names=True)
def administrators_have_factors(at: dt.datetime) -> Finding:
    if is_easy():
        return Finding(
            State.WARN, _t("Signing in is made easy here: no second factor, first passwords stay"),
            _t("Good for trying out and for nothing else. Take it out of the environment:"), code="GRIDGOV_EASY_SIGN_IN",
        )  # fmt: skip
    hands = User.objects.able().filter(role__in=ADMIN_HANDS).order_by("username")
    without = list(hands.exclude(factor__confirmed_at__isnull=False).values_list("username", flat=True)[:MOST_NAMED])
    if not without:
        return Finding(State.OK, _t("All administrators come in by two factors"))
    return Finding(
        State.WARN, _t("No second factor yet: %(names)s") % {"names": ", ".join(without)},
        _t("They set it up at their next sign-in; whoever is an administrator no more is locked by the security administrator."),
        "accounts_user_changelist",
    )  # fmt: skip


@check("stale", _("Accounts that nobody uses"), names=True)
def accounts_are_used(at: dt.datetime) -> Finding:
    """Those of the desk; volunteers come when they come."""
    before = at - STALE
    able = User.objects.able().filter(role__in=DESK_ROLES, created_at__lt=before)
    able = able.exclude(password__startswith="!")  # noqa: S106 - has none
    unused = able.filter(Q(last_login=None) | Q(last_login__lt=before)).order_by("username")
    count = unused.count()
    if not count:
        return Finding(State.OK, _t("All accounts were used in the last %(days)d days") % {"days": STALE.days})
    names = ", ".join(unused.values_list("username", flat=True)[:MOST_NAMED])
    words = {"count": count, "days": STALE.days, "names": names}
    return Finding(
        State.WARN, _t("%(count)d accounts were not used for %(days)d days: %(names)s") % words,
        _t("Lock those whose owners have left; an account that nobody misses is a door that nobody watches."),
        "accounts_user_changelist",
    )  # fmt: skip
