"""Whose cases, which cases."""

from cases.queries.asking import ApplicationQuerySet, ApprovalRuleQuerySet, SupervisionQuerySet, TeamQuerySet
from cases.queries.cases import LEVEL_COLUMN, NUMBER_DIGITS, CaseQuerySet, IsAnyOf, is_late, was_late
from cases.queries.catalogue import IN_FORCE, CategoryQuerySet, OfStreet, PolicyQuerySet
from cases.queries.clocks import DeadlineQuerySet
from cases.queries.counted import LISTED, NOT_AHEAD, OF_CASES, OF_ROWS, REACHED, SEVERAL, reached
from cases.queries.figures import FrozenFiguresQuerySet
from cases.queries.of_case import OfCase, PhotoQuerySet
from cases.queries.pauses import PauseQuerySet
from cases.queries.phrases import PhraseQuerySet
from cases.queries.publishing import PublicationQuerySet
from cases.queries.reporters import ReporterQuerySet

__all__ = [
    "IN_FORCE",
    "LEVEL_COLUMN",
    "LISTED",
    "NOT_AHEAD",
    "NUMBER_DIGITS",
    "OF_CASES",
    "OF_ROWS",
    "REACHED",
    "SEVERAL",
    "ApplicationQuerySet",
    "ApprovalRuleQuerySet",
    "CaseQuerySet",
    "CategoryQuerySet",
    "DeadlineQuerySet",
    "FrozenFiguresQuerySet",
    "IsAnyOf",
    "OfCase",
    "OfStreet",
    "PauseQuerySet",
    "PhotoQuerySet",
    "PhraseQuerySet",
    "PolicyQuerySet",
    "PublicationQuerySet",
    "ReporterQuerySet",
    "SupervisionQuerySet",
    "TeamQuerySet",
    "is_late",
    "reached",
    "was_late",
]
