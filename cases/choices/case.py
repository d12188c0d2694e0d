"""The words of a case, and the one table of its legal moves."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role


class Tier(models.TextChoices):
    """Who settles it (seed 000): A the worker alone, B the community, C the street with its departments."""

    A = "A", _("A · the worker settles it")
    B = "B", _("B · the community coordinates")
    C = "C", _("C · the street coordinates")


# The highest tier each role decides about.
AUTHORITY = {
    Role.WORKER: Tier.A,
    Role.COMPREHENSIVE_LEAD: Tier.B,
    Role.TOTAL_LEAD: Tier.B,
    Role.STREET: Tier.C,
    Role.SYSTEM: Tier.C,
}


class Urgency(models.TextChoices):
    NORMAL = "normal", _("normal")
    URGENT = "urgent", _("urgent")
    EMERGENCY = "emergency", _("emergency")


class Channel(models.TextChoices):
    """Where a case came from."""

    GRID_WORKER = "grid_worker", _("found by a grid worker")
    VISIT = "visit", _("home visit")
    SNAPSHOT = "snapshot", _("residents' snapshot")
    WECHAT = "wechat", _("WeChat")
    PHONE = "phone", _("phone")
    COUNTER = "counter", _("at the counter")
    HOTLINE = "hotline_12345", _("12345 hotline")
    PLATFORM = "platform", _("another platform")
    OPEN311 = "open311", _("another app, by Open311")


class CaseState(models.TextChoices):
    SUBMITTED = "submitted", _("waiting for acceptance")
    ACCEPTED = "accepted", _("waiting for dispatch")
    DISPATCHED = "dispatched", _("waiting for sign-in")
    HANDLING = "handling", _("being handled")
    COMPLETED = "completed", _("waiting for verification")
    VERIFIED = "verified", _("waiting for closing")
    CLOSED = "closed", _("closed")
    REJECTED = "rejected", _("not accepted")
    MERGED = "merged", _("merged into another case")
    VOIDED = "voided", _("voided")


ENDED_STATES = frozenset({CaseState.CLOSED, CaseState.REJECTED, CaseState.MERGED, CaseState.VOIDED})
OPEN_STATES = frozenset(set(CaseState) - ENDED_STATES)
_S = CaseState
# Accepted and not yet completed: the case clock runs.
WORKING_STATES = frozenset({_S.ACCEPTED, _S.DISPATCHED, _S.HANDLING})
_IN_WORK = frozenset({_S.DISPATCHED, _S.HANDLING})
# A move that leaves the state as it is, or whose target the verb itself knows.
STAYS = ""

# verb → (from, to). Whoever changes a state or acts on a case in it asks this table, nothing else (`Case.move`).
MOVES: dict[str, tuple[frozenset[str], str]] = {
    "accept": (frozenset({_S.SUBMITTED}), _S.ACCEPTED),
    "reject": (frozenset({_S.SUBMITTED}), _S.REJECTED),
    "dispatch": (frozenset({_S.ACCEPTED}), _S.DISPATCHED),
    "reassign": (frozenset({_S.DISPATCHED, _S.HANDLING}), _S.DISPATCHED),
    "sign_in": (frozenset({_S.DISPATCHED}), _S.HANDLING),
    "progress": (frozenset({_S.HANDLING}), _S.HANDLING),
    "return": (frozenset({_S.DISPATCHED, _S.HANDLING}), _S.ACCEPTED),
    "raise": (frozenset({_S.ACCEPTED, _S.DISPATCHED, _S.HANDLING}), _S.ACCEPTED),
    "complete": (frozenset({_S.HANDLING}), _S.COMPLETED),
    "verify": (frozenset({_S.COMPLETED}), _S.VERIFIED),
    "rework": (frozenset({_S.COMPLETED}), _S.HANDLING),
    "close": (frozenset({_S.VERIFIED}), _S.CLOSED),
    "reopen": (frozenset({_S.CLOSED}), _S.ACCEPTED),
    # A merged case is rated by its own reporter, once its leading case is closed.
    "rate": (frozenset({_S.CLOSED, _S.MERGED}), STAYS),
    "ask": (WORKING_STATES, STAYS),
    "extend": (WORKING_STATES, STAYS),
    "suspend": (WORKING_STATES, STAYS),
    "park": (WORKING_STATES, STAYS),
    "resume": (WORKING_STATES, STAYS),
    "reclassify": (WORKING_STATES, STAYS),
    "void": (OPEN_STATES, _S.VOIDED),
    "exclude": (WORKING_STATES | {_S.COMPLETED, _S.VERIFIED, _S.CLOSED}, STAYS),
    # What is said to be done is verified, not merged away.
    "merge": (WORKING_STATES | {_S.SUBMITTED}, _S.MERGED),
    # Back to where it was (Merge.state_before).
    "unmerge": (frozenset({_S.MERGED}), STAYS),
    "whistle": (WORKING_STATES, STAYS),
    "report_in": (WORKING_STATES, STAYS),
    "assist": (WORKING_STATES, STAYS),
    "excuse": (WORKING_STATES, STAYS),
    "team": (OPEN_STATES, STAYS),
    "add_photo": (OPEN_STATES, STAYS),
    "urge": (OPEN_STATES, STAYS),
    "supervise": (OPEN_STATES, STAYS),
    "answer": (OPEN_STATES, STAYS),
    "call_back": (frozenset({_S.COMPLETED, _S.VERIFIED, _S.CLOSED}), STAYS),
    "publish": (frozenset({_S.CLOSED}), STAYS),
    "unpublish": (frozenset({_S.CLOSED}), STAYS),
    "publish_reply": (frozenset({_S.COMPLETED, _S.VERIFIED, _S.CLOSED, _S.REJECTED}), STAYS),
}
# What can be done with a case that is suspended or parked.
HELD_MOVES = frozenset(
    {"resume", "ask", "void", "exclude", "merge", "urge", "team", "answer", "supervise", "add_photo"}
)


class Step(models.TextChoices):
    """The five-step loop 五步闭环 (seed 000)."""

    FIND = "find", _("find at the front")
    CLASSIFY = "classify", _("grade and classify")
    HANDLE = "handle", _("handled by the unit")
    SUPERVISE = "supervise", _("tracked and supervised")
    PUBLISH = "publish", _("published and rated")


# The step a case stands at while in a state.
STEP_OF = {
    _S.SUBMITTED: Step.CLASSIFY, _S.ACCEPTED: Step.CLASSIFY, _S.DISPATCHED: Step.HANDLE, _S.HANDLING: Step.HANDLE,
    _S.COMPLETED: Step.SUPERVISE, _S.VERIFIED: Step.SUPERVISE, _S.CLOSED: Step.PUBLISH, _S.REJECTED: Step.CLASSIFY,
    _S.MERGED: Step.CLASSIFY, _S.VOIDED: Step.CLASSIFY,
}  # fmt: skip


class RejectReason(models.TextChoices):
    """Why a report is not accepted (handbook 1.4, 3.1)."""

    NOT_IN_SCOPE = "not_in_scope", _("not a matter of the grid")
    EMERGENCY_REDIRECT = "emergency_redirect", _("an emergency: call 110, 119 or 120")
    LEGAL_CHANNEL = "legal_channel", _("belongs to court, arbitration or petition")
    NO_CONTENT = "no_content", _("nothing that could be handled")
    DUPLICATE = "duplicate", _("reported already")
    WITHDRAWN = "withdrawn", _("withdrawn by whoever reported it")


class OrderState(models.TextChoices):
    SENT = "sent", _("sent")
    SIGNED = "signed", _("signed in")
    DONE = "done", _("done")
    RETURNED = "returned", _("returned")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXCUSED = "excused", _("excused")


ORDER_IN_FORCE = frozenset({OrderState.SENT, OrderState.SIGNED})


class Part(models.TextChoices):
    """First recipient and helpers 主办/协办: one lead at a time, any number of assists with clocks of their own."""

    LEAD = "lead", _("lead")
    ASSIST = "assist", _("assist")


class Outcome(models.TextChoices):
    SOLVED = "solved", _("solved")
    EXPLAINED = "explained", _("explained")
    PARTLY = "partly", _("solved in part")


class PhotoKind(models.TextChoices):
    BEFORE = "before", _("before")
    AFTER = "after", _("after")


# A reporter's name and phone are kept so long after the case is over (handbook 1.8).
CONTACT_KEPT = dt.timedelta(days=365)
CASE_PHOTO_LIMIT = 30
# With a report come so many photos at most, and a minute of voice.
REPORT_PHOTO_LIMIT = 12
VOICE_BYTES = 2**20
# A case number is found by so many last digits or more, a reporter's phone too; no phone is longer than that.
TAIL_DIGITS, PHONE_DIGITS = 4, 11
PHOTO_AREA_LIMIT = 40
# What is tapped instead of typed must fit on a button.
PHRASE_CHARS = 40
# After that a new case is reported that names the old one: not even the street goes beyond.
MOST_REOPENINGS = 3
# Found by the grid itself 自采. Nobody waits for an answer to it, unless somebody left a name or a number.
OWN_CHANNELS = frozenset({Channel.GRID_WORKER, Channel.VISIT})
# Where a merged case goes back to when its order was withdrawn with the merge.
WITHDRAWN_TO = {_S.DISPATCHED: _S.ACCEPTED, _S.HANDLING: _S.ACCEPTED}
# What can lead others: whoever was merged into it gets its answer.
CAN_LEAD = OPEN_STATES | {_S.CLOSED}
# States of a leading case that answer those merged into it.
ANSWERED = frozenset({_S.CLOSED, _S.REJECTED})


class Score(models.IntegerChoices):
    """Satisfaction, in order (real systems number it out of order; see handbook 1.2)."""

    UNSATISFIED = 1, _("not satisfied")
    BASICALLY = 2, _("basically satisfied")
    SATISFIED = 3, _("satisfied")
    VERY = 4, _("very satisfied")


class Verb(models.TextChoices):
    """What the timeline calls the records of a case."""

    REPORTED = "cases.reported", _("reported")
    ACCEPTED = "cases.accepted", _("accepted")
    REJECTED = "cases.rejected", _("not accepted")
    DISPATCHED = "cases.dispatched", _("dispatched")
    REASSIGNED = "cases.reassigned", _("reassigned")
    SIGNED_IN = "cases.signed_in", _("signed in")
    PROGRESSED = "cases.progressed", _("progress noted")
    RETURNED = "cases.returned", _("returned")
    TIER_RAISED = "cases.tier_raised", _("tier raised")
    COMPLETED = "cases.completed", _("completed")
    VERIFIED = "cases.verified", _("verified")
    REWORKED = "cases.reworked", _("sent back for rework")
    CLOSED = "cases.closed", _("closed")
    REOPENED = "cases.reopened", _("reopened")
    RATED = "cases.rated", _("rated")
    BREACHED = "cases.breached", _("overdue")
    RECOMPUTED = "cases.recomputed", _("deadline worked out again")
    PHOTO_ADDED = "cases.photo_added", _("photo added")
    VOICE_ADDED = "cases.voice_added", _("voice note added")
    PHOTO_BLURRED = "cases.photo_blurred", _("photo covered")
    PHOTO_UNBLURRED = "cases.photo_unblurred", _("photo uncovered")
    PHOTO_REVEALED = "cases.photo_revealed", _("original photo looked at")
    ORIGINAL_DELETED = "cases.original_deleted", _("original photo under the cover deleted")
    REVEALED = "cases.revealed", _("reporter's data looked at")
    KEPT_CONFIDENTIAL = "cases.kept_confidential", _("reporter made confidential")
    FORGOTTEN = "cases.forgotten", _("reporter's data deleted")
    PRINTED = "cases.printed", _("archive printed")
    REDRAWN = "cases.redrawn", _("moved with its grid")
    ASKED = "cases.asked", _("application made")
    REFUSED = "cases.refused", _("application refused")
    LAPSED = "cases.lapsed", _("application lapsed")
    TAKEN_BACK = "cases.taken_back", _("application withdrawn")
    EXTENDED = "cases.extended", _("deadline extended")
    SUSPENDED = "cases.suspended", _("suspended")
    PARKED = "cases.parked", _("parked")
    RESUMED = "cases.resumed", _("resumed")
    REVIEWED = "cases.reviewed", _("parked case reviewed")
    RECLASSIFIED = "cases.reclassified", _("reclassified")
    VOIDED = "cases.voided", _("voided")
    EXCLUDED = "cases.excluded", _("excluded from figures")
    INCLUDED = "cases.included", _("counted in figures again")
    MERGED = "cases.merged", _("merged into another case")
    ABSORBED = "cases.absorbed", _("took in another case")
    UNMERGED = "cases.unmerged", _("taken out of its leading case")
    RELEASED = "cases.released", _("let a merged case go")
    LEADING_ENDED = "cases.leading_ended", _("answered with its leading case")
    LEADING_REOPENED = "cases.leading_reopened", _("open again with its leading case")
    REPLIED = "cases.replied", _("public reply given")
    CALLED_BACK = "cases.called_back", _("called back")
    WHISTLED = "cases.whistled", _("whistle blown")
    ASSIST_CALLED = "cases.assist_called", _("help asked for")
    REPORTED_IN = "cases.reported_in", _("reported in")
    ASSISTED = "cases.assisted", _("co-handling done")
    EXCUSED = "cases.excused", _("co-handling excused")
    TEAM_FORMED = "cases.team_formed", _("special team formed")
    TEAM_CHANGED = "cases.team_changed", _("special team changed")
    TEAM_REVIEWED = "cases.team_reviewed", _("special team's review held")
    TEAM_ENDED = "cases.team_ended", _("special team ended")
    URGED = "cases.urged", _("reminded")
    SUPERVISED = "cases.supervised", _("supervised")
    ANSWERED = "cases.answered", _("supervision answered")
    CARDED = "cases.carded", _("card given")
    PUBLISHED = "cases.published", _("result published")
    UNPUBLISHED = "cases.unpublished", _("result taken back")


# Looks: recorded, and they change nothing.
LOOKS = frozenset({Verb.REVEALED, Verb.PHOTO_REVEALED, Verb.PRINTED})
