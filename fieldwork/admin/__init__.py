"""The desk's pages of the worker's day."""

from fieldwork.admin.daily import DailyReportAdmin
from fieldwork.admin.needless import NeedlessWorkAdmin
from fieldwork.admin.patrols import PatrolAdmin
from fieldwork.admin.visits import VisitAdmin

__all__ = ["DailyReportAdmin", "NeedlessWorkAdmin", "PatrolAdmin", "VisitAdmin"]
