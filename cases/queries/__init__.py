"""Whose cases, which cases."""

from cases.queries.asking import (
    ApplicationQuerySet,
    ApprovalRuleQuerySet,
    OfCase,
    SupervisionQuerySet,
    TeamQuerySet,
    visible_cases,
)
from cases.queries.cases import LEVEL_COLUMN, NUMBER_DIGITS, CaseQuerySet, PhotoQuerySet
from cases.queries.catalogue import IN_FORCE, CategoryQuerySet, PolicyQuerySet
from cases.queries.clocks import DeadlineQuerySet

__all__ = [
    "IN_FORCE",
    "LEVEL_COLUMN",
    "NUMBER_DIGITS",
    "ApplicationQuerySet",
    "ApprovalRuleQuerySet",
    "CaseQuerySet",
    "CategoryQuerySet",
    "DeadlineQuerySet",
    "OfCase",
    "PhotoQuerySet",
    "PolicyQuerySet",
    "SupervisionQuerySet",
    "TeamQuerySet",
    "visible_cases",
]
