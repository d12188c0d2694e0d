"""Messages by e-mail: straight to the office's own mail server, whose refusals have words."""

import datetime as dt
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from integrations.actions.channels.letters import Letter, Outcome
from integrations.choices.channels import TIMEOUT, Security
from integrations.rules.channels import can_speak_to_mail_server


def by_mail(letter: Letter, at: dt.datetime) -> Outcome:
    given, port = letter.given, int(letter.given["port"])
    verdict = can_speak_to_mail_server(given["host"], port, settings.OUTGOING_ALLOWED)
    if not verdict:
        return Outcome(False, str(verdict.refusal))
    try:
        with _server(given, port) as server:
            if given.get("user"):
                server.login(given["user"], letter.secrets.get("password", ""))
            refused = server.send_message(_mail(letter, at))
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return Outcome(False, _told(error))
    # To send it again would tell the others twice.
    return Outcome(True, _unknown(refused) if refused else "")


def _mail(letter: Letter, at: dt.datetime) -> EmailMessage:
    mail, sender = EmailMessage(), letter.given["sender"]
    mail["From"], mail["To"] = sender, letter.to or ", ".join(letter.given["to"])
    mail["Subject"], mail["Date"] = letter.subject, format_datetime(localtime(at))
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    # So that nobody's notice of absence answers.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    return mail


def _server(given: Mapping[str, Any], port: int) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if settings.OUTGOING_CA:
        context.load_verify_locations(settings.OUTGOING_CA)
    if given["security"] == Security.TLS:
        return smtplib.SMTP_SSL(given["host"], port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(given["host"], port, timeout=TIMEOUT)
    if given["security"] == Security.STARTTLS:
        server.starttls(context=context)
    return server


def _told(error: Exception) -> str:
    """What went wrong, in words for whoever keeps the channel."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("The mail server refuses user name or password.")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _unknown(error.recipients)
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return _("The mail server refuses the message (%(said)s).") % {"said": f"{error.smtp_code} {said}"[:80]}
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return _("The mail server's encryption doesn't fit: see port, encryption and certificate.")
    return _("The mail server can't be reached (%(kind)s).") % {"kind": type(error).__name__}


def _unknown(recipients: Mapping[str, Any]) -> str:
    return _("The mail server doesn't take %(count)d of the addresses.") % {"count": len(recipients)}
