"""What the pages of duty lists ask for, and the list on paper."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gridgov.core import pdf
from gridgov.core.forms import HouseForm
from grids.choices import POSTS, DutyArea, GridKind, PostKind
from grids.models import Duty, Grid
from grids.queries import heavy
from grids.reports import Duties

# Posts that stand on grids; those in units have duties of their units'.
GRID_POSTS = [(kind.value, kind.label) for kind in PostKind if POSTS[kind][0] & set(GridKind.values)]
DUTY = forms.Textarea(attrs={"rows": 2})


class DutyChangeForm(HouseForm):
    area = forms.ChoiceField(label=gettext_lazy("class of duty"), choices=DutyArea.choices)
    text = forms.CharField(label=gettext_lazy("duty"), max_length=200, widget=DUTY)
    position = forms.IntegerField(label=gettext_lazy("place in the list"), min_value=1, max_value=999)

    def arrange(self) -> None:
        for name in ("area", "text", "position"):
            self.fields[name].initial = getattr(self.row, name)


class DutyForm(forms.ModelForm):
    """A new line; without a place it comes last."""

    kind = forms.ChoiceField(label=gettext_lazy("post"), choices=GRID_POSTS)
    position = forms.IntegerField(label=gettext_lazy("place in the list"), min_value=1, max_value=999, required=False)

    class Meta:
        model = Duty
        fields = ("street", "kind", "area", "text", "position", "valid_from")

    def _post_clean(self) -> None:
        """Whether it can be is the action's to say."""


class StreetField(forms.ModelChoiceField):
    """A street among those that somebody sees."""

    def __init__(self, *, by: Any, **kwargs: Any) -> None:
        seen = Grid.objects.visible_to(by).filter(kind=GridKind.STREET, valid_to=None)
        super().__init__(seen.defer(*heavy("")).order_by("code"), **kwargs)


def print_duties(street: Grid, duties: Iterable[Duties]) -> bytes:
    """The duty list of STREET as a PDF, a table for each kind of post."""
    title = _("Duty list of %(name)s") % {"name": street.name}
    story: list[Any] = [pdf.text(title, "title"), pdf.text(f"{timezone.localdate():%Y-%m-%d}", "quiet")]
    width = pdf.page_width()
    for one in duties:
        rows = [(str(number), str(area.label), text) for number, (area, text) in enumerate(_lines(one), start=1)]
        story.append(pdf.text(one.kind.label, "h2"))
        story.append(
            pdf.table([("", _("class of duty"), _("duty")), *rows], (width * 0.06, width * 0.2, None), name="body")
        )
    return pdf.document(story, title=title, footer=title)


def _lines(one: Duties) -> Iterable[tuple[DutyArea, str]]:
    return ((area, text) for area, texts in one.areas for text in texts)
