"""The cases' face to people: the list, the page of a case with its verbs, the matter list and the time limits."""

from cases.admin import map as one_map  # noqa: F401 - adds its pages to the site
from cases.admin import wall as wall_screen  # noqa: F401 - adds its pages to the site
from cases.admin.asking import ApplicationAdmin, ApprovalRuleAdmin
from cases.admin.case import CaseAdmin
from cases.admin.catalogue import CategoryAdmin, PolicyAdmin
from cases.admin.figures import FrozenFiguresAdmin
from cases.admin.parked import ParkedAdmin
from cases.admin.phrases import PhraseAdmin
from cases.admin.publications import PublicationAdmin

__all__ = [
    "ApplicationAdmin",
    "ApprovalRuleAdmin",
    "CaseAdmin",
    "CategoryAdmin",
    "FrozenFiguresAdmin",
    "ParkedAdmin",
    "PhraseAdmin",
    "PolicyAdmin",
    "PublicationAdmin",
]
