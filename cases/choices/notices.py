"""What lies in an inbox; filled with {no, title, clock, place …} in the reader's language."""

from django.utils.translation import gettext_noop

from cases.choices.clocks import Clock

# What lies in an inbox; filled with {no, title, clock, place …} in the reader's language.
NOTICE_ORDER = gettext_noop("Case %(no)s “%(title)s” has come to you. Please sign in.")
NOTICE_RETURNED = gettext_noop("Case %(no)s “%(title)s” was returned: %(reason)s")
NOTICE_REWORK = gettext_noop("Case %(no)s “%(title)s” did not pass verification: %(reason)s")
NOTICE_RAISED = gettext_noop("Case %(no)s “%(title)s” was raised to tier %(tier)s and waits for dispatch.")
NOTICE_NEAR = gettext_noop("Case %(no)s “%(title)s”: %(share)s%% of the time is over.")
NOTICE_BREACH = {
    Clock.RESPONSE: gettext_noop("Case %(no)s “%(title)s” was not accepted in time."),
    Clock.CASE: gettext_noop("Case %(no)s “%(title)s” was not completed in time."),
    Clock.SIGN_IN: gettext_noop("Case %(no)s “%(title)s” was not signed in for in time."),
    Clock.HANDLE: gettext_noop("Case %(no)s “%(title)s”: the order was not carried out in time."),
    Clock.VERIFY: gettext_noop("Case %(no)s “%(title)s” was not verified in time."),
    Clock.REPORT_IN: gettext_noop("Case %(no)s “%(title)s”: the unit called did not report in in time."),
    Clock.REPLY: gettext_noop("Supervision of case %(no)s “%(title)s” was not answered in time."),
}
NOTICE_WHISTLE = gettext_noop("Whistle: you are called to case %(no)s “%(title)s”. Please report in.")
NOTICE_ASSIST = gettext_noop("Case %(no)s “%(title)s”: your help is asked for. Please sign in.")
NOTICE_REPORTED_IN = gettext_noop("%(unit)s has reported in to case %(no)s “%(title)s”.")
NOTICE_ASSISTED = gettext_noop("%(unit)s has done its part of case %(no)s “%(title)s”.")
NOTICE_EXCUSED = gettext_noop("Case %(no)s “%(title)s” needs your help no more: %(reason)s")
NOTICE_TEAM = gettext_noop("You are in the special team of case %(no)s “%(title)s”.")
NOTICE_TEAM_REVIEW = gettext_noop("Today the special team looks at case %(no)s “%(title)s”.")
NOTICE_TEAM_REVIEW_MISSED = gettext_noop(
    "The special team's review of case %(no)s “%(title)s” was due on %(day)s and is not noted yet."
)
NOTICE_WITHDRAWN = gettext_noop("Case %(no)s “%(title)s” is no longer yours to handle.")
NOTICE_ASKED = gettext_noop("%(who)s asks about case %(no)s “%(title)s”. Please decide.")
NOTICE_LAPSED = gettext_noop("Your application about case %(no)s “%(title)s” has lapsed: the time ran out.")
NOTICE_MOOT = gettext_noop("Your application about case %(no)s “%(title)s” is moot: the case has ended.")
NOTICE_DECIDED = {
    "approved": gettext_noop("Your application about case %(no)s “%(title)s” is approved."),
    "refused": gettext_noop("Your application about case %(no)s “%(title)s” is refused: %(note)s"),
}
NOTICE_RESUMED = gettext_noop("Case %(no)s “%(title)s” runs on; its clock has started again.")
NOTICE_REVIEW = gettext_noop("Parked case %(no)s “%(title)s” is due for review today.")
NOTICE_MERGED = gettext_noop("Case %(no)s “%(title)s” was merged into case %(leading)s; its order is withdrawn.")
NOTICE_ANSWERED = gettext_noop("Case %(no)s “%(title)s” was answered with case %(leading)s, into which it was merged.")
NOTICE_DISSATISFIED = gettext_noop(
    "The reporter of case %(no)s “%(title)s” is not satisfied; case %(reopen)s can be opened again until %(until)s."
)
NOTICE_RELEASED = gettext_noop(
    "Case %(no)s “%(title)s” stands on its own again: case %(leading)s, into which it was merged, was voided."
)
