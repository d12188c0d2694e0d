"""What the verbs of a case ask for. The rules are the actions'; a form only helps to fill in."""

from cases.forms.catalogue import PolicyForm
from cases.forms.closing import CallBackForm, CloseForm, RateForm, ReplyForm
from cases.forms.intake import AcceptForm, RejectForm, ReportForm, RevealForm
from cases.forms.merging import MergeForm, case_named
from cases.forms.orders import CompleteForm, DispatchForm, PhotoForm, ProgressForm, RaiseForm, ReassignForm
from cases.forms.parts import ROWS, GridInput, NoteForm, ReasonForm, area, categories

__all__ = [
    "ROWS",
    "AcceptForm",
    "CallBackForm",
    "CloseForm",
    "CompleteForm",
    "DispatchForm",
    "GridInput",
    "MergeForm",
    "NoteForm",
    "PhotoForm",
    "PolicyForm",
    "ProgressForm",
    "RaiseForm",
    "RateForm",
    "ReasonForm",
    "ReassignForm",
    "RejectForm",
    "ReplyForm",
    "ReportForm",
    "RevealForm",
    "area",
    "case_named",
    "categories",
]
