"""What the verbs of a case ask for. The rules are the actions'; a form only helps to fill in."""

from cases.forms.catalogue import PolicyForm
from cases.forms.closing import RateForm
from cases.forms.intake import AcceptForm, RejectForm, ReportForm, RevealForm
from cases.forms.orders import CompleteForm, DispatchForm, PhotoForm, ProgressForm, RaiseForm, ReassignForm
from cases.forms.parts import ROWS, GridInput, NoteForm, ReasonForm, area, categories
from cases.forms.supervising import AnswerForm, SuperviseForm, UrgeForm

__all__ = [
    "ROWS",
    "AcceptForm",
    "AnswerForm",
    "CompleteForm",
    "DispatchForm",
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
    "SuperviseForm",
    "UrgeForm",
    "area",
    "categories",
]
