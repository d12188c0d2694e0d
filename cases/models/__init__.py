"""What is kept of a case."""

from cases.models.case import Case, CaseNumber, Photo, Rating, Reporter
from cases.models.catalogue import Category, Policy, in_readers_language
from cases.models.clocks import Card, Deadline, LedgerEntry
from cases.models.orders import Order

__all__ = [
    "Card",
    "Case",
    "CaseNumber",
    "Category",
    "Deadline",
    "LedgerEntry",
    "Order",
    "Photo",
    "Policy",
    "Rating",
    "Reporter",
    "in_readers_language",
]
