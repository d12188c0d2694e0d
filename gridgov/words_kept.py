"""Verbs of what is kept about people, looked at and asked for (see gridgov/words.py)."""

from django.utils.translation import gettext_noop

KEPT = (
    gettext_noop("cases.original_deleted"),
    gettext_noop("core.exported"),
    gettext_noop("core.look_refused"),
    gettext_noop("core.struck_out"),
    gettext_noop("privacy.answered"),
    gettext_noop("privacy.assessed"),
    gettext_noop("privacy.carried_out"),
    gettext_noop("privacy.copied"),
    gettext_noop("privacy.decided"),
    gettext_noop("privacy.held"),
    gettext_noop("privacy.hold_ended"),
    gettext_noop("privacy.limit_lifted"),
    gettext_noop("privacy.request_forgotten"),
    gettext_noop("privacy.request_late"),
    gettext_noop("privacy.requested"),
    gettext_noop("privacy.review_due"),
    gettext_noop("privacy.searched"),
    gettext_noop("privacy.struck"),
    gettext_noop("privacy.term_set"),
    gettext_noop("privacy.verified"),
)
