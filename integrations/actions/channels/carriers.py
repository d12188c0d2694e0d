"""One message brought outside, and what came of it. Nothing here reads or writes a table: whoever calls holds no transaction."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from gridgov.core.outgoing import Failed, Refused, send
from integrations.actions.channels.letters import Letter, Outcome
from integrations.actions.channels.mail import by_mail
from integrations.choices.channels import TIMEOUT, ChannelKind, Coding
from integrations.choices.robots import (
    REFUSALS,
    REST,
    body_of,
    dingtalk_signature,
    field_lines,
    form_body,
    is_too_often,
)

HEADER = "Header "


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
    if not answer.ok:
        return Outcome(False, _("The robot's server answered with the error %(status)d.") % {"status": answer.status})
    told = _as_mapping(answer.body)
    code = told.get("errcode", told.get("code", told.get("StatusCode")))
    if code == 0:
        return Outcome(True)
    if not isinstance(code, int):
        return Outcome(False, _("The robot's server answered something that is no robot's answer."))
    known = REFUSALS[letter.kind].get(code, _("The robot refuses the message."))
    words = str(told.get("errmsg") or told.get("msg") or "")[:80]
    return Outcome(False, f"{known} ({code} {words})", REST if is_too_often(letter.kind, code) else None)


def _by_gateway(letter: Letter, at: dt.datetime) -> Outcome:
    given = letter.given
    fields = {
        **field_lines(given.get("extra") or []),
        given["phone_field"]: letter.to,
        given["text_field"]: letter.text,
    }
    headers = {}
    name, key = given.get("key_field", ""), letter.secrets.get("key", "")
    if name and key and name.startswith(HEADER):
        headers[name.removeprefix(HEADER).strip()] = key
    elif name and key:
        fields[name] = key
    if given["coding"] == Coding.FORM:
        headers["Content-Type"], body = "application/x-www-form-urlencoded; charset=utf-8", form_body(fields)
    else:
        headers["Content-Type"], body = (
            "application/json; charset=utf-8",
            json.dumps(fields, ensure_ascii=False).encode(),
        )
    answer = send("POST", given["url"], headers=headers, body=body, timeout=TIMEOUT)
    if not answer.ok:
        return Outcome(False, _("The gateway answered with the error %(status)d.") % {"status": answer.status})
    if not given.get("ok_field"):
        return Outcome(True)
    said = str(_as_mapping(answer.body).get(given["ok_field"], ""))
    if said == given.get("ok_value", ""):
        return Outcome(True)
    return Outcome(False, _("The gateway refuses the message (%(said)s).") % {"said": said[:80]})


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
