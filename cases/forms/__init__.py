"""What the verbs of a case ask for. The rules are the actions'; a form only helps to fill in."""

from cases.forms.catalogue import PolicyForm
from cases.forms.closing import RateForm
from cases.forms.figures import AskForm, FilterForm, list_behind, month_address, narrowed
from cases.forms.intake import AcceptForm, RejectForm, ReportForm, RevealForm
from cases.forms.orders import CompleteForm, DispatchForm, PhotoForm, ProgressForm, RaiseForm, ReassignForm
from cases.forms.parts import ROWS, GridInput, NoteForm, ReasonForm, area, categories

__all__ = [
    "ROWS",
    "AcceptForm",
    "AskForm",
    "CompleteForm",
    "DispatchForm",
    "FilterForm",
    "GridInput",
    "NoteForm",
    "PhotoForm",
    "PolicyForm",
    "ProgressForm",
    "RaiseForm",
    "RateForm",
    "ReasonForm",
    "ReassignForm",
    "RejectForm",
    "ReportForm",
    "RevealForm",
    "area",
    "categories",
    "list_behind",
    "month_address",
    "narrowed",
]
