"""From inboxes to messages: which notices go where, and what waits gathered into one.

First lines are made of the notices that were told since, each once for each group and person; then messages of the lines
that wait, as many as limits leave room for. Both are quick and in the transaction of a job; the sending is not.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain

from django.db import transaction
from django.utils.timezone import localdate

from accounts.actions import take_told
from accounts.models import Notice
from cases.models import Case
from grids.models import Post
from integrations.actions.channels.sending import put_out
from integrations.choices.channels import DAY, GROUP_KINDS, MINUTE, ChannelKind
from integrations.models import Channel, Line, Message, OwnChannel, Subscription
from integrations.reports.outside import Words, case_line, short_line, told_cases
from integrations.rules import channels as rules

CASE = "cases.case"
MOST_TAKEN, MOST_WAITING, PIECE = 1000, 5000, 500


@transaction.atomic
def take_lines(*, at: dt.datetime, most: int = MOST_TAKEN) -> int:
    """Take up to MOST notices that were told since the last call, and put down for whom outside they are; how many were taken."""
    notices = take_told(most=most)
    subscriptions = list(Subscription.objects.standing().filter(channel__is_active=True))
    owns = _owns_of({row.user_id for row in notices})
    if notices and (subscriptions or owns):
        cases = _cases_of(notices)
        lines = [*_for_groups(notices, cases, subscriptions, at), *_for_people(notices, cases, owns, at)]
        Line.objects.bulk_create(lines, ignore_conflicts=True)
    return len(notices)


def _owns_of(users: set[int]) -> dict[int, list[OwnChannel]]:
    found: dict[int, list[OwnChannel]] = defaultdict(list)
    rows = OwnChannel.objects.filter(
        user__in=users, user__is_active=True, is_active=True, channel__is_active=True, channel__for_people=True
    )  # fmt: skip
    for row in rows.select_related("channel"):
        found[row.user_id].append(row)
    return found


def _cases_of(notices: Iterable[Notice]) -> dict[int, Case]:
    keys = {row.subject_id for row in notices if row.subject_type == CASE}
    return told_cases().in_bulk(list(keys))


def _for_groups(
    notices: Iterable[Notice], cases: dict[int, Case], subscriptions: list[Subscription], at: dt.datetime
) -> Iterable[Line]:  # fmt: skip
    """What everybody in a group may know. A digest is a person's; its lines are the group's own notices."""
    fit = [row for row in notices if row.kind in GROUP_KINDS and row.subject_type == CASE and row.subject_id in cases]
    units = _units_of({row.user_id for row in fit}, at) if any(one.unit_id for one in subscriptions) else {}
    for row in fit:
        case = cases[row.subject_id or 0]
        above = {case.street_id, case.total_id, case.comprehensive_id, case.grid_id}
        text, params = case_line(row, case)
        for one in subscriptions:
            if rules.is_told(one, row.kind, above, units.get(row.user_id, ())):
                yield _line(one.channel_id, None, row.key, row, text, params, at)


def _for_people(
    notices: Iterable[Notice], cases: dict[int, Case], owns: dict[int, list[OwnChannel]], at: dt.datetime
) -> Iterable[Line]:  # fmt: skip
    """What lies in the own inbox: a digest as one line, nothing that was read meanwhile."""
    for row in notices:
        if row.digest_id is not None or row.read_at is not None:
            continue
        case = cases.get(row.subject_id or 0) if row.subject_type == CASE else None
        for own in owns.get(row.user_id, ()):
            if not rules.is_wanted(own.wanted, row.kind, row.urgent):
                continue
            full = own.channel.kind != ChannelKind.SMS and case is not None and row.kind in GROUP_KINDS
            text, params = case_line(row, case) if full and case else short_line(row, case)
            yield _line(own.channel_id, own.pk, f"notice:{row.pk}", row, text, params, at)


def _line(
    channel: int, own: int | None, key: str, row: Notice, text: str, params: Mapping[str, object], at: dt.datetime
) -> Line:  # fmt: skip
    rules.can_go_outside(text, params).insist()
    return Line(
        channel_id=channel,
        own_id=own,
        key=key,
        kind=row.kind,
        text=text,
        params=dict(params),
        urgent=row.urgent,
        told_at=at,
    )


def _units_of(users: set[int], at: dt.datetime) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    posts = Post.objects.current(localdate(at)).filter(user__in=users, unit__isnull=False)
    for user, unit in posts.values_list("user_id", "unit_id"):
        found[user].add(unit)
    return found


@transaction.atomic
def gather_messages(*, at: dt.datetime) -> int:
    """Make messages of the lines that wait: all of a group or person in one, the urgent first. Whoever has a message under
    way, or had enough for now, waits on; what comes meanwhile comes with it. How many messages."""
    waiting = Line.objects.ready(at).order_by("-urgent", "pk")[:MOST_WAITING]
    heaps: dict[tuple[int, int | None], list[Line]] = defaultdict(list)
    for line in waiting:
        heaps[line.channel_id, line.own_id].append(line)
    if not heaps:
        return 0
    channels = Channel.objects.in_bulk({channel for channel, _own in heaps})
    languages = dict(OwnChannel.objects.filter(pk__in=[own for _c, own in heaps if own]).values_list("pk", "language"))
    room = {pk: rules.room_for(one, Message.objects.tried(one, at - MINUTE), at) for pk, one in channels.items()}
    told = _told_today([own for _channel, own in heaps if own], at)
    words: dict[str, Words] = {}
    made: list[Message] = []
    for (pk, own), lines in heaps.items():
        urgent = any(line.urgent for line in lines)
        if room[pk] <= 0 or (own is not None and not rules.can_tell_person(told[own], at, urgent=urgent)):
            continue
        language = channels[pk].language if own is None else languages[own]
        text = words.setdefault(language, Words(language)).whole(channels[pk].kind, lines)
        made.append(Message(channel_id=pk, own_id=own, text=text, lines=len(lines), urgent=urgent, made_at=at))
        room[pk] -= 1
    put_out(made)
    for message in made:
        for line in heaps[message.channel_id, message.own_id]:
            line.message = message
    gone = [line for line in chain.from_iterable(heaps.values()) if line.message_id]
    Line.objects.bulk_update(gone, ["message"], batch_size=PIECE)
    return len(made)


def _told_today(owns: list[int], at: dt.datetime) -> dict[int, list[dt.datetime]]:
    found: dict[int, list[dt.datetime]] = defaultdict(list)
    rows = Message.objects.filter(own__in=owns, made_at__gt=at - DAY).exclude(text="").order_by()
    for own, made in rows.values_list("own_id", "made_at"):
        found[own or 0].append(made)
    return found
