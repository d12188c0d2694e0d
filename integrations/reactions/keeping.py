"""What is kept of what partners sent and channels brought, and looks at it."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gridgov.core import keeping
from gridgov.core.keeping import Going, Kind, Term, Ways, keeps
from gridgov.core.looking import Look, looks
from integrations.actions.channels import drop_old_messages
from integrations.actions.hotline import forget_bodies
from integrations.choices.channels import KEPT
from integrations.choices.hotline import BODY_KEPT
from integrations.models import Message, OwnChannel, PartnerOrder
from integrations.models.hotline import Inbound


def _bodies_due(at: dt.datetime) -> QuerySet[Inbound]:
    return Inbound.objects.old(at - keeping.term_of("integrations.body"))


def _forget_bodies(*, by: User, at: dt.datetime) -> int:
    return forget_bodies(before=at - keeping.term_of("integrations.body"), by=by, at=at)


def _messages_due(at: dt.datetime) -> QuerySet[Message]:
    return Message.objects.old(at)


def _forget_messages(*, by: User, at: dt.datetime) -> int:
    return drop_old_messages(at=at)


def _numbers(keys: list[int]) -> dict[int, str]:
    return dict(PartnerOrder.objects.filter(pk__in=keys).values_list("pk", "number"))


keeps(
    Kind(
        "integrations.body",
        _("messages of partners as they came"),
        purpose=_("to find out what was meant, and to call back"),
        basis=_("statutory duty (PIPL 13 I 3)"),
        where=_("sealed, with a key outside the database"),
        seen_by=_("whoever exchanges with partners, with a reason that is recorded"),
        term=Term(
            BODY_KEPT.days,
            _("after they were dealt with"),
            _("the shortest that complaints of partners need"),
            30,
            BODY_KEPT.days,
        ),
        ways=Ways(unerasable=_("Sealed and not searched by person; it goes by itself.")),
        going=Going("integrations.forget", _forget_bodies, _bodies_due, "done_at"),
    )
)
keeps(
    Kind(
        "integrations.message",
        _("notices sent outside: short messages, work chats"),
        purpose=_("to tell people who work here what waits"),
        basis=_("necessary for the work (PIPL 13 I 2)"),
        where=_("addresses sealed; texts say no more than an allow-list lets"),
        seen_by=_("whoever keeps the channels"),
        term=Term(KEPT.days, _("after they were sent or given up"), _("the shortest that faults need to be found")),
        going=Going("integrations.tidy_channels", _forget_messages, _messages_due, "made_at"),
    )
)
keeps(
    Kind(
        "integrations.own",
        _("own addresses for notices: e-mail, mobile"),
        purpose=_("to bring notices outside that somebody asked for"),
        basis=_("consent (PIPL 13 I 1)"),
        where=_("sealed, with a key outside the database"),
        seen_by=_("nobody but the person; others read it masked"),
        term=Term(None, _("until the person takes it out"), _("wanted as long as it stands there")),
        consented=True,
        ways=Ways(
            find=lambda person: OwnChannel.objects.about_phone(person.phone),
            label=lambda row: row.masked,
            copy=lambda row: {"address": row.masked},
            unerasable=_("Taken out by the person, under “Me”."),
        ),
    )
)
looks(Look("integrations.caller_revealed", counted=True, named=_numbers))
looks(Look("integrations.message_read", counted=True))
