"""One message brought outside, and what came of it. Nothing here reads or writes a table: whoever calls holds no transaction."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from gridgov.core.masking import mask_text
from gridgov.core.outgoing import Failed, Refused, send
from integrations.actions.channels.letters import Letter, Outcome
from integrations.actions.channels.mail import by_mail
from integrations.choices.channels import ANSWER_KEPT, TIMEOUT, ChannelKind
from integrations.choices.gateway import is_success, request_of
from integrations.choices.robots import (
    REFUSALS,
    REST,
    body_of,
    dingtalk_signature,
    is_too_often,
)


def carry(letter: Letter, *, at: dt.datetime) -> Outcome:
    """Bring LETTER; waits for the answer, TIMEOUT seconds at most. Never raises for what the other side does."""
    try:
        return _CARRIERS[letter.kind](letter, at)
    except (Refused, Failed) as error:
        return Outcome(False, str(error))


def _by_robot(letter: Letter, at: dt.datetime) -> Outcome:
    signing = letter.secrets.get("signing", "")
    url = letter.secrets["address"]
    if letter.kind == ChannelKind.DINGTALK and signing:
        url += dingtalk_signature(signing, at)
    body = json.dumps(body_of(letter.kind, letter.text, signing, at), ensure_ascii=False).encode()
    answer = send("POST", url, headers={"Content-Type": "application/json; charset=utf-8"}, body=body, timeout=TIMEOUT)
    begun = answer.begun(ANSWER_KEPT)
    if not answer.ok:
        said = _("The robot's server answered with the error %(status)d.") % {"status": answer.status}
        return Outcome(False, said, answer=begun)
    told = _as_mapping(answer.body)
    code = told.get("errcode", told.get("code", told.get("StatusCode")))
    # False is an int that equals 0.
    if not isinstance(code, int) or isinstance(code, bool):
        return Outcome(False, _("The robot's server answered something that is no robot's answer."), answer=begun)
    if code == 0:
        return Outcome(True, answer=begun)
    known = REFUSALS[letter.kind].get(code, _("The robot refuses the message."))
    words = str(told.get("errmsg") or told.get("msg") or "")[:80]
    return Outcome(False, f"{known} ({code} {words})", REST if is_too_often(letter.kind, code) else None, begun)


def _by_gateway(letter: Letter, at: dt.datetime) -> Outcome:
    values = {"phone": letter.to, "text": letter.text, "key": letter.secrets.get("key", ""), "id": letter.number}
    method, url, headers, body = request_of(letter.given, values)
    answer = send(method, url, headers=headers, body=body, timeout=TIMEOUT)
    # Gateways like to repeat the number they were given.
    begun = mask_text(answer.begun(ANSWER_KEPT))
    if not answer.ok:
        said = _("The gateway answered with the error %(status)d.") % {"status": answer.status}
        return Outcome(False, said, answer=begun)
    if is_success(letter.given.get("success", ""), answer.body):
        return Outcome(True, answer=begun)
    return Outcome(False, _("The gateway refuses the message (%(said)s).") % {"said": begun[:80]}, answer=begun)


def _as_mapping(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


_CARRIERS: dict[ChannelKind, Callable[[Letter, dt.datetime], Outcome]] = {
    ChannelKind.WECOM: _by_robot,
    ChannelKind.DINGTALK: _by_robot,
    ChannelKind.FEISHU: _by_robot,
    ChannelKind.MAIL: by_mail,
    ChannelKind.SMS: _by_gateway,
}
