"""Exchange with a city's platforms: what they ask, what we tell them, and how far each message has come."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.choices import Role


class Asked(models.TextChoices):
    """What a partner's message asks for; a profile says how the partner calls it."""

    ORDER = "order", _("work order")
    URGE = "urge", _("urging")
    RECALL = "recall", _("recall")
    ANSWER = "answer", _("answer to us")
    STATUS = "status", _("state of our request")


class InboundState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    REPEATED = "repeated", _("repeated")
    OUTDATED = "outdated", _("older than what stands")
    REVIEW = "review", _("to be looked at")
    HELD = "held", _("waits for its order")
    DROPPED = "dropped", _("put aside")


class FileState(models.TextChoices):
    """How far a picture of a partner's has come."""

    WAITING = "waiting", _("waiting")
    KEPT = "kept", _("kept with the case")
    REVIEW = "review", _("to be looked at")
    DROPPED = "dropped", _("put aside")


class OutboundState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("told")
    DEAD = "dead", _("given up")
    DROPPED = "dropped", _("put aside")


class Told(models.TextChoices):
    """What we tell a partner about its order, or ask it."""

    RECEIVED = "received", _("order received")
    SIGN_IN = "sign_in", _("signed in")
    PROGRESS = "progress", _("progress")
    EXTENSION_REQUEST = "extension_request", _("extension asked for")
    EXTENDED = "extended", _("extension allowed")
    RETURN_REQUEST = "return_request", _("return asked for")
    COMPLETE = "complete", _("completed")
    CALLBACK = "callback_result", _("result of the call back")
    REOPENED = "reopened", _("reopened")
    VOIDED = "voided", _("voided")
    ORDER = "order", _("our own request")


class Table(models.TextChoices):
    """What has codes of its own at a partner."""

    CATEGORY = "category", _("category")
    URGENCY = "urgency", _("urgency")
    REQUEST = "request", _("type of request")
    GRID = "grid", _("area or grid")
    UNIT = "unit", _("unit")


class RequestType(models.TextChoices):
    """What a caller wants (handbook 1.4)."""

    ENQUIRY = "enquiry", _("enquiry")
    HELP = "help", _("help")
    COMPLAINT = "complaint", _("complaint")
    REPORT = "report", _("report of a wrong")
    SUGGESTION = "suggestion", _("suggestion")


# Who reads the pages of the exchange; what is in messages only the street office, with a reason.
EXCHANGE = frozenset({Role.STREET, Role.SYSTEM_ADMIN, Role.AUDITOR})
# A signed message holds so long, before and after its own moment.
DRIFT = dt.timedelta(minutes=5)
# A secret that was replaced is good for so long beside the new one.
OLD_SECRET_HOLDS = dt.timedelta(days=2)
MAX_BODY = 256 * 1024
NONCE_CHARS = NUMBER_CHARS = CODE_CHARS = 64
TITLE_CHARS, TEXT_CHARS = 80, 2000
# Waits between tries: a minute, two, four … an hour at most; a day of them, then somebody must look.
FIRST_WAIT, LONGEST_WAIT, MOST_TRIES = dt.timedelta(minutes=1), dt.timedelta(hours=1), 30
SEND_SECONDS = 10.0
# Pictures: so many of an order, so many tries at each, this long for one; longer addresses are none.
MOST_FILES, FILE_TRIES, FILE_SECONDS, SOURCE_CHARS = 10, 8, 30.0, 500
# What is refused at the door is counted by day, why and where from: of a minute the busiest addresses, kept so long.
MOST_ADDRESSES, REFUSED_KEPT, MANY_REFUSED = 20, dt.timedelta(days=90), 100
FETCH = "integrations.fetch"
# Bodies as they came, with callers' data, are deleted so long after they were dealt with.
BODY_KEPT = dt.timedelta(days=180)

NOTICE_ORDER_CHANGED = gettext_noop("%(partner)s has changed its order about %(no)s “%(title)s”.")
NOTICE_RECALLED = gettext_noop("%(partner)s has recalled its order about %(no)s “%(title)s”.")
NOTICE_ANSWERED = gettext_noop("%(partner)s has answered about %(no)s “%(title)s”: %(answer)s")
