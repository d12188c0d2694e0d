"""The system's own pages: records for the auditor, stuck jobs and the work calendar for whoever keeps the house running."""

from gridgov.core.admin.calendar import CalendarDayAdmin, calendar_runs_out
from gridgov.core.admin.jobs import JobAdmin
from gridgov.core.admin.records import RecordAdmin

__all__ = ["CalendarDayAdmin", "JobAdmin", "RecordAdmin", "calendar_runs_out"]
