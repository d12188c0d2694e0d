"""The file of a dispute: how it comes in, who takes part, how it is mediated, how it ends (人民调解法 17 to 27)."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Source(models.TextChoices):
    """How a dispute comes to a committee (handbook 1.6)."""

    PARTY = "party", _("application of a party")
    COMMITTEE = "committee", _("initiative of the committee")
    CASE = "case", _("transfer from a case")
    POLICE = "police", _("transfer from the police")
    COURT = "court", _("referral by a court")
    AUTHORITY = "authority", _("referral by an authority")


class FileState(models.TextChoices):
    APPLIED = "applied", _("waits for the committee")
    DECLINED = "declined", _("not accepted")
    RUNNING = "running", _("being mediated")
    ENDED = "ended", _("mediation over")
    FILED = "filed", _("filed as a volume")


# Not over yet: a case has one such file at most.
OPEN = frozenset({FileState.APPLIED, FileState.RUNNING})


class Outcome(models.TextChoices):
    NONE = "", _("still open")
    AGREED_WRITTEN = "agreed_written", _("agreement in writing")
    AGREED_ORAL = "agreed_oral", _("agreement by word of mouth")
    FAILED = "failed", _("no agreement")
    WITHDRAWN = "withdrawn", _("application withdrawn")
    # One party clearly refuses (人民调解法 17).
    REFUSED = "refused", _("refused by a party")
    # A party ends it (人民调解法 23), or the law does (25, 26).
    TERMINATED = "terminated", _("broken off")


AGREED = frozenset({Outcome.AGREED_WRITTEN, Outcome.AGREED_ORAL})
# After these the parties are told of arbitration, administrative and court ways (人民调解法 26).
INFORMS = frozenset({Outcome.FAILED, Outcome.REFUSED, Outcome.TERMINATED})

# In which states a verb is possible.
MOVES: dict[str, frozenset[str]] = {
    "accept": frozenset({FileState.APPLIED}),
    "decline": frozenset({FileState.APPLIED}),
    "withdraw": OPEN,
    "change": OPEN,
    "assign": frozenset({FileState.APPLIED, FileState.RUNNING, FileState.ENDED}),
    "release": frozenset({FileState.APPLIED, FileState.RUNNING, FileState.ENDED, FileState.FILED}),
    "conflict": frozenset({FileState.APPLIED, FileState.RUNNING, FileState.ENDED}),
    "consent": OPEN,
    "refuse": OPEN,
    "meet": frozenset({FileState.RUNNING}),
    "record": frozenset({FileState.RUNNING}),
    "extend": frozenset({FileState.RUNNING}),
    "agree": frozenset({FileState.RUNNING}),
    # The record of the last session may be signed after the agreement of it.
    "sign_record": frozenset({FileState.RUNNING, FileState.ENDED}),
    "end": frozenset({FileState.RUNNING}),
    "perform": frozenset({FileState.ENDED}),
    "follow_up": frozenset({FileState.ENDED}),
    "confirm": frozenset({FileState.ENDED}),
    "file": frozenset({FileState.ENDED}),
    "link": frozenset({FileState.APPLIED, FileState.RUNNING, FileState.ENDED}),
    # A volume that is filed is closed: nothing comes in, nothing is struck out.
    "paper": frozenset({FileState.APPLIED, FileState.RUNNING, FileState.ENDED}),
    "report_danger": frozenset({FileState.APPLIED, FileState.RUNNING, FileState.ENDED}),
}


class PartyRole(models.TextChoices):
    APPLICANT = "applicant", _("applicant")
    RESPONDENT = "respondent", _("respondent")
    THIRD = "third", _("third party")


class Consent(models.TextChoices):
    """Whether a party wants mediation (人民调解法 17): silence is no refusal, and no consent either."""

    ASKED = "asked", _("not answered")
    AGREED = "agreed", _("agrees to mediation")
    REFUSED = "refused", _("refuses mediation")


class SessionKind(models.TextChoices):
    MEDIATION = "mediation", _("mediation")
    # 听证调解: for hard disputes, in front of a panel that says its opinion.
    HEARING = "hearing", _("hearing with a panel")
    INQUIRY = "inquiry", _("inquiry")


class SessionState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("session held")
    CANCELLED = "cancelled", _("called off")


class HelperKind(models.TextChoices):
    """Who is invited to help, with the parties' consent (人民调解法 20)."""

    RELATIVE = "relative", _("relative")
    NEIGHBOUR = "neighbour", _("neighbour or colleague")
    EXPERT = "expert", _("expert")
    OTHER = "other", _("social organisation or others")


class ConflictKind(models.TextChoices):
    """Why somebody doesn't mediate between these parties: a mediator favours none (人民调解法 15)."""

    KIN = "kin", _("kin of a party")
    EMPLOYER = "employer", _("works for or with a party")
    INTEREST = "interest", _("has an interest in the matter")
    OTHER = "other", _("another tie to a party")


class Danger(models.TextChoices):
    """What is reported on at once (人民调解法 25): mediation of it stops."""

    CRIME = "crime", _("suspected crime")
    ORDER = "order", _("suspected breach of public order")
    HARM = "harm", _("somebody may come to harm")


# Local rules (宁波 2015, 深圳 2022): one month, longer where both parties want it.
LIMIT = dt.timedelta(days=30)
# So long before its end mediators are told.
NEAR = dt.timedelta(days=5)
MOST_PARTIES, MOST_MEDIATORS, MOST_HELPERS, MOST_SESSIONS = 50, 5, 20, 100
# No file is extended further in one step.
LONGEST_EXTENSION = dt.timedelta(days=90)
LONGEST_SESSION = dt.timedelta(hours=12)
# Sessions are planned, and entered afterwards, within so long of today.
SESSION_WITHIN = dt.timedelta(days=366)
MATTER_CHARS, RECORD_CHARS, REASON_CHARS, NAME_CHARS = 2000, 20000, 500, 60

# What inboxes read: the number of a file, and nothing that stands in it.
NOTICE_OPENED = gettext_noop("A dispute waits for your committee: %(no)s.")
NOTICE_DECLINED = gettext_noop("The committee did not accept the dispute that you handed over: %(no)s.")
NOTICE_NEAR = gettext_noop("File %(no)s is to be over by %(day)s.")
NOTICE_OVER = gettext_noop("File %(no)s was to be over by %(day)s: end it, or extend it with the will of both parties.")
NOTICE_DANGER = gettext_noop("%(name)s reports: %(event)s (file %(no)s, grid %(grid)s). Ask %(who)s at once.")
NOTICE_ENDED = gettext_noop("The mediation %(no)s of case %(leading)s is over: %(event)s.")
