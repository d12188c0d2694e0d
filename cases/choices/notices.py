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
    Clock.REPORT_IN: gettext_noop("Case %(no)s “%(title)s”: nobody reported in in time."),
    Clock.REPLY: gettext_noop("Supervision of case %(no)s “%(title)s” was not answered in time."),
}
