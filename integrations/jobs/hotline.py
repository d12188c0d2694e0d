"""What is promised to partners: taking what came in, telling them on, and forgetting what was said."""

import datetime as dt
import json
import secrets as random
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from gridgov.core import keeping, outgoing
from gridgov.core.errands import After, errand
from gridgov.core.errors import Invalid
from gridgov.core.jobs import handler
from gridgov.core.models import Job
from integrations.actions.hotline import (
    add_refused,
    claim_message,
    file_to_fetch,
    forget_refused,
    keep_file,
    note_failed,
    note_missed,
    note_sent,
    secrets_of,
    take_messages,
    tell_partners,
)
from integrations.actions.hotline.review import TAKE, TELL
from integrations.choices.hotline import FETCH, FILE_SECONDS, SEND_SECONDS
from integrations.models.hotline import Outbound, Partner, PartnerFile
from integrations.reports.attached import linked
from integrations.rules import profiles


@handler(TAKE)
def take(jobs: list[Job], at: dt.datetime) -> None:
    take_messages(messages=[int(job.key) for job in jobs], by=User.objects.system(), at=at)


@handler("integrations.hear", every=dt.timedelta(seconds=5))
def hear(jobs: list[Job], at: dt.datetime) -> None:
    tell_partners(by=User.objects.system(), at=at)


@errand(TELL, lease=60, attempts=20, at_once=8)
def tell(job: Job, at: dt.datetime) -> After | None:
    """The next message of one order. Whatever the partner answers, the next one waits until it has this one."""
    message = claim_message(order=int(str(job.payload["order"])), at=at)
    if message is None:
        return None
    if isinstance(message, dt.datetime):
        later = message
        return lambda _at: later
    system = User.objects.system()
    try:
        answer = _sent(message, at)
    except (outgoing.Refused, outgoing.Failed) as error:
        why = str(error)
        return lambda now: note_failed(message=message, why=why, by=system, at=now)
    return partial(_note, message, answer, system)


def _sent(message: Outbound, at: dt.datetime) -> outgoing.Answer:
    """Sign and send MESSAGE. Raises Refused, Failed."""
    partner = message.order.partner
    if not (partner.is_active and partner.address):
        raise outgoing.Refused(_("This partner is switched off, or has no address."))
    profile = partner.profile
    body = json.dumps(linked(message.said, user=partner.account, at=at), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", **_signing(partner, body, at)}
    url = f"{partner.address}{profile['out']['messages'][message.told]['path']}"
    return outgoing.send("POST", url, headers=headers, body=body, timeout=SEND_SECONDS)


def _signing(partner: Partner, body: bytes, at: dt.datetime) -> dict[str, str]:
    """The headers by which PARTNER knows that BODY comes from us."""
    profile = partner.profile
    timestamp, nonce = profiles.stamped(profile, at), random.token_hex(16)
    names = profile["signature"]["headers"]
    made = profiles.signature(profile, secrets_of(partner, at)[0], timestamp, nonce, body)
    return {names["timestamp"]: timestamp, names["nonce"]: nonce, names["signature"]: made}


@errand(FETCH, lease=120, attempts=20, at_once=4)
def fetch(job: Job, at: dt.datetime) -> After | None:
    """A picture of an order, asked for with our signature. What is no picture, or not to be had, waits for somebody."""
    file = file_to_fetch(int(job.key))
    if file is None:
        return None
    try:
        headers = _signing(file.order.partner, b"", at)
        found = outgoing.send(
            "GET", file.source, headers=headers, timeout=FILE_SECONDS, most=settings.PHOTO_MAX_BYTES + 1
        )
    except (outgoing.Refused, Invalid) as refused:
        return partial(_missed, file, str(refused), True)
    except outgoing.Failed as failed:
        return partial(_missed, file, str(failed), False)
    if not found.ok:
        why = _("The server answered %(status)s.") % {"status": found.status}
        return partial(_missed, file, why, found.status < 500 and found.status != 429)
    return lambda now: keep_file(file=file, content=found.body, at=now)


def _missed(file: PartnerFile, why: str, final: bool, at: dt.datetime) -> dt.datetime | None:
    return note_missed(file=file, why=why, final=final, at=at)


def _note(message: Outbound, answer: outgoing.Answer, by: User, at: dt.datetime) -> dt.datetime | None:
    """Put down what the partner answered; only what it took in counts as told."""
    profile = message.order.partner.profile
    words = f"{answer.status} {answer.body[:200].decode('utf-8', 'replace')}".replace("\x00", "")
    try:
        said = profiles.read_json(answer.body or b"{}")
    except Invalid:
        said = {}
    if not (answer.ok and profiles.accepted(profile, said)):
        return note_failed(message=message, why=words, by=by, at=at)
    number = profiles.at_path(said, profile["out"].get("number_at", "-"))
    number = str(number) if isinstance(number, str | int) else ""
    return note_sent(message=message, answer=words, number=number, by=by, at=at)


@handler("integrations.refused", every=dt.timedelta(minutes=1))
def add_up_refused(jobs: list[Job], at: dt.datetime) -> None:
    """What was not let in during the last minute. A worker that dies here loses that minute's counts and nothing else."""
    add_refused(at=at)


@handler("integrations.forget", every=dt.timedelta(days=1))
def forget(jobs: list[Job], at: dt.datetime) -> None:
    forget_refused(at=at)
    keeping.run("integrations.body", by=User.objects.system(), at=at)
