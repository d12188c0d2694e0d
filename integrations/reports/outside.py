"""Messages in words: made of the few things that may go outside, in the language of whoever reads them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.timezone import localtime
from django.utils.translation import gettext, override

from accounts.choices import NoticeKind
from accounts.choices.wording import PLACES
from accounts.models import Notice, NoticeText
from cases.models import Case, Reporter
from gridgov.core.masking import mask_text
from integrations.choices.channels import MOST_BYTES, MOST_LINES, ChannelKind
from integrations.choices.outside import (
    HUSHED,
    NO_DEADLINE,
    NOTICE_GATHERED,
    NOTICE_IN_GROUP,
    NOTICE_MORE,
    NOTICE_OTHER,
    NOTICE_SHORT_CASE,
    TRIAL,
)
from integrations.models import Line
from integrations.rules.channels import can_go_outside


def told_cases() -> Any:
    """Cases with what `facts_of` reads: nothing of a reporter but whether the report is confidential."""
    confidential = Reporter.objects.filter(case=OuterRef("pk"), confidential=True)
    return Case.objects.select_related("category", "street", "total", "grid").annotate(
        in_confidence=Exists(confidential)
    )


def facts_of(case: Any) -> dict[str, str]:
    """What a message may say of CASE (one of `told_cases`). Of what touches sensitive data, and of a confidential report, not
    even the matter, and no grid finer than the community."""
    sensitive = case.category.sensitive or case.in_confidence
    place = (case.total or case.street) if sensitive else case.grid
    return {
        "no": case.no,
        "category": HUSHED if sensitive else case.category.name,
        "grid": place.name,
        "deadline": f"{localtime(case.due_at):%m-%d %H:%M}" if case.due_at else NO_DEADLINE,
    }


def case_line(notice: Notice, case: Case) -> tuple[str, dict[str, str]]:
    """The msgid and what fills it, for a notice about CASE in a group or an e-mail."""
    return NOTICE_IN_GROUP[NoticeKind(notice.kind)], facts_of(case)


def short_line(notice: Notice, case: Case | None) -> tuple[str, dict[str, Any]]:
    """The msgid and what fills it, for a text message, and wherever it is about no case."""
    if notice.kind == NoticeKind.DIGEST:
        kinds: dict[str, int] = notice.params["kinds"]
        return NOTICE_GATHERED, {"count": sum(kinds.values()), "kinds": kinds}
    if case is None:
        return NOTICE_OTHER, {"event": notice.kind}
    return NOTICE_SHORT_CASE, {"no": case.no, "event": notice.kind}


class Words:
    """How messages read in one language: the office's own words where it has some. One query."""

    def __init__(self, language: str) -> None:
        own = NoticeText.objects.filter(language=language).exclude(wording="")
        self._language, self._own = language, dict(own.values_list("text", "wording"))

    def line(self, text: str, params: Mapping[str, Any]) -> str:
        """One line. What may not go outside can't get in: an own wording that asks for it gives way to the house's."""
        can_go_outside(text, params).insist()
        with override(self._language):
            filled = {name: self._shown(name, value) for name, value in params.items()}
            own = self._own.get(text)
            wording = own if own and can_go_outside(own, {}, set(params)) else gettext(text)
            return mask_text(wording % filled)

    def whole(self, kind: str, lines: Sequence[Line]) -> str:
        """All LINES as one message that a channel of KIND takes: what is too much for it is told by its number."""
        most = MOST_BYTES[ChannelKind(kind)]
        told = [self.line(one.text, one.params) for one in lines[:MOST_LINES]]
        for shown in range(len(told), 0, -1):
            rest = lines[shown:]
            text = "\n".join([*told[:shown], *([self.counted(NOTICE_MORE, rest)] if rest else [])])
            if len(text.encode()) <= most:
                return text
        return self.counted(NOTICE_GATHERED, lines)

    def counted(self, text: str, lines: Iterable[Line]) -> str:
        kinds = Counter(one.kind for one in lines)
        return self.line(text, {"count": sum(kinds.values()), "kinds": dict(kinds)})

    def trial(self, kind: str) -> str:
        """A message with a made-up case in it, as a channel of KIND tells one."""
        with override(self._language):
            samples = {name: str(PLACES[name].sample) for name in ("no", "category", "grid", "deadline")}
            head = gettext(TRIAL)
        if kind == ChannelKind.SMS:
            return f"{head}\n{self.line(NOTICE_SHORT_CASE, {'no': samples['no'], 'event': NoticeKind.ORDER})}"
        return f"{head}\n{self.line(NOTICE_IN_GROUP[NoticeKind.ORDER], samples)}"

    def _shown(self, name: str, value: Any) -> str:
        if name == "event":
            return str(NoticeKind(value).label)
        if name == "kinds" and not isinstance(value, str):
            return " · ".join(f"{kind.label} {value[kind]}" for kind in NoticeKind if kind in value)
        return gettext(value) if value == HUSHED else str(value)
