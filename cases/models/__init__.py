"""What is kept of a case."""

from cases.models.asking import Application, ApprovalRule, Pause
from cases.models.bulk import Bulk, BulkLine
from cases.models.case import Case, CaseNumber, Rating, Reporter
from cases.models.catalogue import Category, Policy, in_readers_language
from cases.models.clocks import Card, Deadline, LedgerEntry
from cases.models.closing import Callback, Merge
from cases.models.evidence import Photo, VoiceNote
from cases.models.figures import Cell, FrozenFigures, Tally, TallyDelta
from cases.models.ladder import Supervision
from cases.models.orders import Order
from cases.models.phrases import StreetPhrase
from cases.models.publishing import Publication, ReleasedPhoto
from cases.models.suggesting import SuggestionModel
from cases.models.teams import Team, TeamMember, TeamReview

__all__ = [
    "Application",
    "ApprovalRule",
    "Bulk",
    "BulkLine",
    "Callback",
    "Card",
    "Case",
    "CaseNumber",
    "Category",
    "Cell",
    "Deadline",
    "FrozenFigures",
    "LedgerEntry",
    "Merge",
    "Order",
    "Pause",
    "Photo",
    "Policy",
    "Publication",
    "Rating",
    "ReleasedPhoto",
    "Reporter",
    "StreetPhrase",
    "SuggestionModel",
    "Supervision",
    "Tally",
    "TallyDelta",
    "Team",
    "TeamMember",
    "TeamReview",
    "VoiceNote",
    "in_readers_language",
]
