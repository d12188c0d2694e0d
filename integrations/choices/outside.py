"""What is said outside of the house: the words, and the few things that may be filled in.

Whoever reads a group's chat or looks over somebody's shoulder at a phone may be anybody. So nothing is struck out of a
notice; a message is made anew, of what is listed here and nothing else.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.choices import NoticeKind
from accounts.choices.wording import NoticeTemplate

# What may stand in a message: nothing about a person, nothing that somebody typed into a case.
OUTSIDE = frozenset({"no", "category", "grid", "deadline", "event", "count", "kinds"})
# In a text message, which lies open on a locked screen.
OUTSIDE_SHORT = frozenset({"no", "event", "count", "kinds"})

NOTICE_IN_GROUP = {
    NoticeKind.ORDER: gettext_noop("New order %(no)s: %(category)s, %(grid)s, due %(deadline)s"),
    NoticeKind.NEAR: gettext_noop("Time is running out: %(no)s, %(category)s, %(grid)s, due %(deadline)s"),
    NoticeKind.BREACH: gettext_noop("Overdue: %(no)s, %(category)s, %(grid)s, was due %(deadline)s"),
    NoticeKind.CARD: gettext_noop("Card shown: %(no)s, %(category)s, %(grid)s, due %(deadline)s"),
    NoticeKind.RETURNED: gettext_noop("Came back: %(no)s, %(category)s, %(grid)s, due %(deadline)s"),
    NoticeKind.PROGRESS: gettext_noop("News of %(no)s: %(category)s, %(grid)s, due %(deadline)s"),
    NoticeKind.APPLICATION: gettext_noop("Application: %(no)s, %(category)s, %(grid)s, due %(deadline)s"),
    NoticeKind.URGE: gettext_noop("Urged: %(no)s, %(category)s, %(grid)s, due %(deadline)s"),
    NoticeKind.SUPERVISION: gettext_noop("Under supervision: %(no)s, %(category)s, %(grid)s, due %(deadline)s"),
}
NOTICE_SHORT_CASE = gettext_noop("Case %(no)s: %(event)s")
NOTICE_OTHER = gettext_noop("A notice lies in your inbox: %(event)s")
NOTICE_GATHERED = gettext_noop("%(count)s notices lie in your inbox: %(kinds)s")
NOTICE_MORE = gettext_noop("and %(count)s more: %(kinds)s")
TRIAL = gettext_noop("gridgov: this is a trial message. Notices of this channel will look like this:")
CODE = gettext_noop("gridgov: your code is %(code)s. It is good for 5 minutes; give it to nobody.")

_GROUP_OR_MAIL, _SHORT = _("in groups and e-mails"), _("in text messages")
TEMPLATES: dict[str, NoticeTemplate] = {
    one.text: one
    for one in (
        *(NoticeTemplate(text, kind, _GROUP_OR_MAIL) for kind, text in NOTICE_IN_GROUP.items()),
        NoticeTemplate(NOTICE_SHORT_CASE, NoticeKind.SYSTEM, _SHORT),
        NoticeTemplate(NOTICE_OTHER, NoticeKind.SYSTEM, _("outside of the house")),
        NoticeTemplate(NOTICE_GATHERED, NoticeKind.DIGEST, _("outside of the house")),
        NoticeTemplate(NOTICE_MORE, NoticeKind.DIGEST, _("outside of the house")),
    )
}
# In place of the matter of a case that touches sensitive personal data.
HUSHED = gettext_noop("a confidential matter")
NO_DEADLINE = "—"
