"""What is kept about other systems."""

from integrations.models.hooks import Delivery, Try, Webhook

__all__ = ["Delivery", "Try", "Webhook"]
