"""Secrets of channels and addresses of people: how they are kept."""

import json

from django.utils.crypto import salted_hmac

from gridgov.core.masking import mask_phone
from gridgov.core.secrets import seal, unseal
from integrations.choices.channels import CODE_DIGITS, ChannelKind
from integrations.models import Channel, OwnChannel
from integrations.queries.channels import OWN

CHANNEL = "integrations.channel"


def seal_secrets(secrets: dict[str, str]) -> str:
    return seal(json.dumps(secrets), of=CHANNEL) if secrets else ""


def secrets_of(channel: Channel) -> dict[str, str]:
    """Raises gridgov.core.secrets.Unreadable where the key that sealed them is gone."""
    found: dict[str, str] = json.loads(unseal(channel.sealed, of=CHANNEL)) if channel.sealed else {}
    return found


def seal_address(address: str) -> str:
    return seal(address, of=OWN)


def address_of(own: OwnChannel) -> str:
    return unseal(own.sealed, of=OWN)


def mask(kind: str, address: str) -> str:
    """138****0001, l***@example.cn."""
    if kind == ChannelKind.SMS:
        return mask_phone(address)
    name, _at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"


def code_of(own: OwnChannel) -> str:
    """Made of the house's own key, so that no table and no log holds it."""
    number = int(salted_hmac("integrations.code", f"{own.pk}:{own.salt}", algorithm="sha256").hexdigest(), 16)
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}}"
