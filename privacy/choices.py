"""Requests of persons concerned, how they are decided, what may be held, and who has to do with which page."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.choices import Role

# Terms and the reports of what was struck out: who set them, who checks them, and who must tell residents.
RETENTION_READERS = frozenset({Role.STREET, Role.SECURITY_ADMIN, Role.AUDITOR})
TERM_SETTERS = frozenset({Role.SECURITY_ADMIN})
# Holds are put by those who hear of the dispute or the court.
HOLDERS = frozenset({Role.STREET, Role.SECURITY_ADMIN})
LIFTERS = frozenset({Role.STREET, Role.SECURITY_ADMIN})
LOG_READERS = frozenset({Role.AUDITOR})
ANSWERERS = frozenset({Role.STREET})
REQUEST_READERS = ANSWERERS | {Role.AUDITOR}
ASSESSORS = frozenset({Role.SECURITY_ADMIN})
ASSESSMENT_READERS = frozenset({Role.STREET, Role.SECURITY_ADMIN, Role.AUDITOR})

NAME_CHARS, PHONE_CHARS, REASON_CHARS, WORDS_CHARS, LABEL_CHARS = 48, 20, 300, 1000, 64
# A look is called unusual where there were so many by one person within the hour, or between these hours of the night.
MANY_LOOKS, NIGHT_FROM, NIGHT_UNTIL = 15, 22, 6
# A lifted limit stands for a day, assessments are kept for three years at least (PIPL 56), and are looked at again each year.
LIFTED_FOR = dt.timedelta(days=1)
REVIEW_AFTER = dt.timedelta(days=365)
# A copy can be fetched once, for so long; what was asked is kept for three years after the answer, as proof that it was given.
COPY_KEPT, REQUEST_KEPT = dt.timedelta(days=7), dt.timedelta(days=3 * 365)
# 15 working days: the longest that the four ministries' method of 2019 (App违法违规收集使用个人信息行为认定方法, 六) lets anybody
# promise; PIPL 50 itself only says "in time". The answerers are reminded when ten are over.
ANSWER_DAYS, REMIND_DAYS = 15, 10
# Rows of one kind that are shown for a request.
MOST_FOUND, MOST_READ = 50, 500


class Held(models.TextChoices):
    """On what a hold can be put: gridgov.core.keeping.Ways.held."""

    CASE = "cases.case", _("case (number)")
    VOLUNTEER = "volunteers.volunteer", _("volunteer (number)")
    ACCOUNT = "accounts.user", _("account (user name)")


class Source(models.TextChoices):
    DESK = "desk", _("at the counter or by telephone")
    DOOR = "door", _("by the residents' door")
    OWN = "own", _("by the own page, signed in")


class Ask(models.TextChoices):
    """What a person may ask (PIPL 44–49)."""

    COPY = "copy", _("a copy")
    CORRECT = "correct", _("correct it")
    DELETE = "delete", _("delete it")
    EXPLAIN = "explain", _("explain the rules")
    WITHDRAW = "withdraw", _("withdraw consent")
    RELATIVE = "relative", _("as the relative of somebody who has died")


ARTICLES = {
    Ask.COPY: "45",
    Ask.CORRECT: "46",
    Ask.DELETE: "47",
    Ask.EXPLAIN: "48",
    Ask.WITHDRAW: "15",
    Ask.RELATIVE: "49",
}


class RequestState(models.TextChoices):
    RECEIVED = "received", _("request received")
    VERIFIED = "verified", _("identity verified")
    DECIDED = "decided", _("request decided")
    ANSWERED = "answered", _("request answered")


MOVES: dict[str, tuple[frozenset[str], str]] = {
    "verify": (frozenset({RequestState.RECEIVED}), RequestState.VERIFIED),
    "decide": (frozenset({RequestState.VERIFIED, RequestState.DECIDED}), RequestState.DECIDED),
    "answer": (frozenset({RequestState.DECIDED}), RequestState.ANSWERED),
}


class Verified(models.TextChoices):
    """How it was made sure that somebody is who they say. No number or picture of a document is kept."""

    DOCUMENT = "document", _("identity document looked at, nothing of it kept")
    CODE = "code", _("number and code of the own report")
    CALL = "call", _("called back on the number that is kept")
    ACCOUNT = "account", _("signed in with the own account")
    RELATIVE = "relative", _("relationship and death proved by documents, nothing of them kept")


# What the office may note. Number and code of a report, or an account, prove neither: a report and a volunteer's profile take whatever
# phone number one types, and by that number the data is found.
PROOFS = (Verified.DOCUMENT, Verified.CALL, Verified.RELATIVE)


class Ground(models.TextChoices):
    """Why something is refused, with the article that says so."""

    NONE = "", _("granted")
    ARCHIVE = "archive", _("kept by law on archives (PIPL 47 II)")
    RUNNING = "running", _("the purpose is not reached yet: the matter is still open (PIPL 47 I 1)")
    DISPUTE = "dispute", _("held for a dispute or a court (PIPL 47 II, Civil Procedure Law)")
    OTHERS = "others", _("it would show other people's data (PIPL 44, 45)")
    SECRET = "secret", _("secrecy by law, or it would hinder an official duty (PIPL 18, 35, 45)")
    NOTHING = "nothing", _("nothing is kept about this person")
    UNPROVED = "unproved", _("identity or relationship was not proved (PIPL 50)")
    WRONG = "wrong", _("what is kept was checked and is right (PIPL 46 II)")


class Risk(models.TextChoices):
    LOW = "low", _("low")
    MIDDLE = "middle", _("middle")
    HIGH = "high", _("high")


NOTICE_REQUEST = gettext_noop("A request about personal data has come in: %(no)s. To be answered by %(due)s.")
NOTICE_REQUEST_NEAR = gettext_noop("The request about personal data %(no)s must be answered by %(due)s.")
NOTICE_REQUEST_LATE = gettext_noop("The request about personal data %(no)s should have been answered by %(due)s.")
NOTICE_REVIEW = gettext_noop("The impact assessment of “%(kind)s” is to be reviewed: its day was %(day)s.")
