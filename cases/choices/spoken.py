"""Every notice about a case by its kind: what the office may put in words of its own."""

from accounts.choices import NoticeKind
from cases.choices import ladder, notices

SPOKEN: dict[NoticeKind, tuple[str, ...]] = {
    NoticeKind.ORDER: (
        notices.NOTICE_ORDER, notices.NOTICE_ASSIST, notices.NOTICE_WHISTLE, notices.NOTICE_RAISED, notices.NOTICE_TEAM,
    ),
    NoticeKind.NEAR: (
        notices.NOTICE_NEAR, notices.NOTICE_REVIEW, notices.NOTICE_TEAM_REVIEW, notices.NOTICE_TEAM_REVIEW_MISSED,
    ),
    NoticeKind.BREACH: tuple(notices.NOTICE_BREACH.values()),
    NoticeKind.CARD: tuple(ladder.NOTICE_CARDS.values()),
    NoticeKind.RETURNED: (
        notices.NOTICE_RETURNED, notices.NOTICE_REWORK, notices.NOTICE_WITHDRAWN, notices.NOTICE_EXCUSED,
        notices.NOTICE_MERGED,
    ),
    NoticeKind.PROGRESS: (
        notices.NOTICE_REPORTED_IN, notices.NOTICE_ASSISTED, notices.NOTICE_RESUMED, notices.NOTICE_ANSWERED,
        notices.NOTICE_RELEASED, notices.NOTICE_DISSATISFIED,
    ),
    NoticeKind.APPLICATION: (
        notices.NOTICE_ASKED, *notices.NOTICE_DECIDED.values(), notices.NOTICE_LAPSED, notices.NOTICE_MOOT,
    ),
    NoticeKind.URGE: (ladder.NOTICE_URGED,),
    NoticeKind.SUPERVISION: (ladder.NOTICE_SUPERVISED, ladder.NOTICE_REPLIED),
}  # fmt: skip
