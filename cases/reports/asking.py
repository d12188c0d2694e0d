"""What an application asks for, in words."""

import datetime as dt
from decimal import Decimal

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cases.choices import Ask, PauseReason
from cases.models import Application
from cases.reports.explanation import limit_text


def asked_for(application: Application) -> str:
    """“+2 working days”, “until 06-12 09:00, waits for the resident”, …; empty where the kind says it all."""
    data = application.data
    match application.kind:
        case Ask.EXTENSION:
            return f"+{limit_text(Decimal(data['value']), data['unit'])}"
        case Ask.SUSPENSION | Ask.PARKING:
            until = localtime(dt.datetime.fromisoformat(data["until"]))
            words = _("until %(until)s · %(cause)s") % {
                "until": f"{until:%Y-%m-%d %H:%M}", "cause": PauseReason(data["cause"]).label
            }  # fmt: skip
            return f"{words} · {data['plan']}" if data["plan"] else words
        case Ask.RECLASSIFICATION:
            return f"{data['category']} · {data['tier']}"
        case Ask.RETURN:
            return _("it belongs to %(whose)s (spoken to %(contact)s), by %(basis)s") % data
    return ""
