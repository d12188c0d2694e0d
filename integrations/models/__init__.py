"""What is kept about other systems."""

from integrations.models.hooks import Delivery, Try, Webhook
from integrations.models.hotline import Inbound, Outbound, Partner, PartnerCode, PartnerOrder

__all__ = ["Delivery", "Inbound", "Outbound", "Partner", "PartnerCode", "PartnerOrder", "Try", "Webhook"]
