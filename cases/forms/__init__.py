"""What the verbs of a case ask for. The rules are the actions'; a form only helps to fill in."""

from cases.forms.asking import (
    COUNTED,
    ApprovalRuleForm,
    ApproveForm,
    ExtensionForm,
    ParkingForm,
    PauseForm,
    ReclassifyForm,
    RefuseForm,
    ReturnForm,
    ReviewForm,
    WhyForm,
)
from cases.forms.behind import behind_of, list_behind
from cases.forms.bulk import BulkDispatchForm, BulkMergeForm, BulkUrgeForm
from cases.forms.catalogue import PolicyForm
from cases.forms.closing import READ_BY_REPORTER, YES_NO, CallBackForm, CloseForm, RateForm, ReplyForm
from cases.forms.figure_sheet import figure_sheet
from cases.forms.figures import (
    ALL,
    LONGEST,
    MANY_GRIDS,
    MOST_KEY,
    YEARS,
    AskForm,
    DashboardForm,
    FilterForm,
    MonthForm,
    month_address,
    narrowed,
)
from cases.forms.helping import CallForm, ExcuseForm, FinishAssistForm, OfOrderForm, ReportInForm, Ticks
from cases.forms.intake import AcceptForm, RejectForm, ReportForm, RevealForm
from cases.forms.map import DAYS_BACK, SPANS, MapForm
from cases.forms.map_sheet import map_sheet
from cases.forms.merging import CANDIDATES, MergeForm, case_named
from cases.forms.orders import CompleteForm, DispatchForm, PhotoForm, ProgressForm, RaiseForm, ReassignForm
from cases.forms.parts import ROWS, GridInput, MomentField, NoteForm, ReasonForm, ToForm, area, categories
from cases.forms.phone_report import PhoneReportForm
from cases.forms.publishing import PublishForm
from cases.forms.supervising import AnswerForm, SuperviseForm, UrgeForm
from cases.forms.teams import ChangeTeamForm, DaysField, EndTeamForm, TeamForm, TeamReviewForm, open_team

__all__ = [
    "ALL",
    "CANDIDATES",
    "COUNTED",
    "DAYS_BACK",
    "LONGEST",
    "MANY_GRIDS",
    "MOST_KEY",
    "READ_BY_REPORTER",
    "ROWS",
    "SPANS",
    "YEARS",
    "YES_NO",
    "AcceptForm",
    "AnswerForm",
    "ApprovalRuleForm",
    "ApproveForm",
    "AskForm",
    "BulkDispatchForm",
    "BulkMergeForm",
    "BulkUrgeForm",
    "CallBackForm",
    "CallForm",
    "ChangeTeamForm",
    "CloseForm",
    "CompleteForm",
    "DashboardForm",
    "DaysField",
    "DispatchForm",
    "EndTeamForm",
    "ExcuseForm",
    "ExtensionForm",
    "FilterForm",
    "FinishAssistForm",
    "GridInput",
    "MapForm",
    "MergeForm",
    "MomentField",
    "MonthForm",
    "NoteForm",
    "OfOrderForm",
    "ParkingForm",
    "PauseForm",
    "PhoneReportForm",
    "PhotoForm",
    "PolicyForm",
    "ProgressForm",
    "PublishForm",
    "RaiseForm",
    "RateForm",
    "ReasonForm",
    "ReassignForm",
    "ReclassifyForm",
    "RefuseForm",
    "RejectForm",
    "ReplyForm",
    "ReportForm",
    "ReportInForm",
    "ReturnForm",
    "RevealForm",
    "ReviewForm",
    "SuperviseForm",
    "TeamForm",
    "TeamReviewForm",
    "Ticks",
    "ToForm",
    "UrgeForm",
    "WhyForm",
    "area",
    "behind_of",
    "case_named",
    "categories",
    "figure_sheet",
    "list_behind",
    "map_sheet",
    "month_address",
    "narrowed",
    "open_team",
]
