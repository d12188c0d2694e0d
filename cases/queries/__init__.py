"""Whose cases, which cases."""

from cases.queries.asking import (
    ApplicationQuerySet,
    ApprovalRuleQuerySet,
    OfCase,
    SupervisionQuerySet,
    TeamQuerySet,
    visible_cases,
)
from cases.queries.cases import BASES, LEVEL_COLUMN, CaseQuerySet, PhotoQuerySet
from cases.queries.catalogue import IN_FORCE, CategoryQuerySet, PolicyQuerySet
from cases.queries.clocks import DeadlineQuerySet
from cases.queries.figures import FrozenFiguresQuerySet

__all__ = [
    "BASES",
    "IN_FORCE",
    "LEVEL_COLUMN",
    "ApplicationQuerySet",
    "ApprovalRuleQuerySet",
    "CaseQuerySet",
    "CategoryQuerySet",
    "DeadlineQuerySet",
    "FrozenFiguresQuerySet",
    "OfCase",
    "PhotoQuerySet",
    "PolicyQuerySet",
    "SupervisionQuerySet",
    "TeamQuerySet",
    "visible_cases",
]
