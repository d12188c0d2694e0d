"""What is kept about other systems."""

from integrations.models.channels import Channel, Line, Message, OwnChannel, Subscription
from integrations.models.hooks import Delivery, Try, Webhook
from integrations.models.hotline import (
    Inbound,
    Outbound,
    Partner,
    PartnerCode,
    PartnerFile,
    PartnerOrder,
    RefusedMessage,
)
from integrations.models.open311 import Jurisdiction

__all__ = [
    "Channel",
    "Delivery",
    "Inbound",
    "Jurisdiction",
    "Line",
    "Message",
    "Outbound",
    "OwnChannel",
    "Partner",
    "PartnerCode",
    "PartnerFile",
    "PartnerOrder",
    "RefusedMessage",
    "Subscription",
    "Try",
    "Webhook",
]
