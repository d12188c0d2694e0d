"""What is kept about other systems."""

from integrations.models.hooks import Delivery, Try, Webhook
from integrations.models.hotline import Inbound, Outbound, Partner, PartnerCode, PartnerOrder
from integrations.models.open311 import Jurisdiction

__all__ = [
    "Delivery",
    "Inbound",
    "Jurisdiction",
    "Outbound",
    "Partner",
    "PartnerCode",
    "PartnerOrder",
    "Try",
    "Webhook",
]
