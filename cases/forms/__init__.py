"""What the verbs of a case ask for. The rules are the actions'; a form only helps to fill in."""

from cases.forms.asking import (
    COUNTED,
    ApprovalRuleForm,
    ApproveForm,
    ExtensionForm,
    MomentField,
    ParkingForm,
    PauseForm,
    ReclassifyForm,
    RefuseForm,
    ResumeForm,
    ReturnForm,
    ReviewForm,
    WhyForm,
)
from cases.forms.catalogue import PolicyForm
from cases.forms.closing import READ_BY_REPORTER, YES_NO, CallBackForm, CloseForm, RateForm, ReplyForm
from cases.forms.figure_sheet import figure_sheet
from cases.forms.figures import ALL, LONGEST, MANY_GRIDS, AskForm, FilterForm, list_behind, month_address, narrowed
from cases.forms.helping import CallForm, ExcuseForm, FinishAssistForm, OfOrderForm, ReportInForm, Ticks
from cases.forms.intake import AcceptForm, RejectForm, ReportForm, RevealForm
from cases.forms.merging import CANDIDATES, MergeForm, case_named
from cases.forms.orders import CompleteForm, DispatchForm, PhotoForm, ProgressForm, RaiseForm, ReassignForm
from cases.forms.parts import ROWS, GridInput, NoteForm, ReasonForm, ToForm, area, categories
from cases.forms.supervising import AnswerForm, SuperviseForm, UrgeForm
from cases.forms.teams import ChangeTeamForm, DaysField, EndTeamForm, TeamForm, TeamReviewForm

__all__ = [
    "ALL",
    "CANDIDATES",
    "COUNTED",
    "LONGEST",
    "MANY_GRIDS",
    "READ_BY_REPORTER",
    "ROWS",
    "YES_NO",
    "AcceptForm",
    "AnswerForm",
    "ApprovalRuleForm",
    "ApproveForm",
    "AskForm",
    "CallBackForm",
    "CallForm",
    "ChangeTeamForm",
    "CloseForm",
    "CompleteForm",
    "DaysField",
    "DispatchForm",
    "EndTeamForm",
    "ExcuseForm",
    "ExtensionForm",
    "FilterForm",
    "FinishAssistForm",
    "GridInput",
    "MergeForm",
    "MomentField",
    "NoteForm",
    "OfOrderForm",
    "ParkingForm",
    "PauseForm",
    "PhotoForm",
    "PolicyForm",
    "ProgressForm",
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
    "ResumeForm",
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
    "case_named",
    "categories",
    "figure_sheet",
    "list_behind",
    "month_address",
    "narrowed",
]
