"""Whose cases, which cases."""

from cases.queries.asking import ApplicationQuerySet, ApprovalRuleQuerySet, SupervisionQuerySet, TeamQuerySet
from cases.queries.cases import BASES, LEVEL_COLUMN, NUMBER_DIGITS, CaseQuerySet, IsAnyOf, is_late
from cases.queries.catalogue import IN_FORCE, CategoryQuerySet, OfStreet, PolicyQuerySet
from cases.queries.clocks import DeadlineQuerySet
from cases.queries.figures import FrozenFiguresQuerySet
from cases.queries.of_case import OfCase, PhotoQuerySet
from cases.queries.pauses import PauseQuerySet

__all__ = [
    "BASES",
    "IN_FORCE",
    "LEVEL_COLUMN",
    "NUMBER_DIGITS",
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
    "PolicyQuerySet",
    "SupervisionQuerySet",
    "TeamQuerySet",
    "is_late",
]
