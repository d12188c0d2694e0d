"""Fields of forms about an agreement: its items of performance, and the text that is signed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from mediation.choices.deeds import MANNER_CHARS, MOST_TASKS
from mediation.forms.widgets import OwnWidget
from mediation.rules.agreements import TaskData

# Empty lines below those that are filled in.
SPARE = 3


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, picked in the browser's own way."""
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)


class TasksInput(OwnWidget):
    """A line for each item: who, what, until when. `parties` are (key, name)."""

    template_name = "mediation/parts/tasks.html"
    parties: list[tuple[int, str]] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        lines = [*(value or []), *([("", "", "")] * SPARE)][:MOST_TASKS]
        return context | {"lines": lines, "parties": self.parties, "most": MANNER_CHARS}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str, str]]:
        columns = [
            data.getlist(f"{name}-{part}") if hasattr(data, "getlist") else [] for part in ("party", "what", "due")
        ]
        return [(party, what.strip(), due) for party, what, due in zip(*columns, strict=False) if what.strip() or due]


class TasksField(forms.Field):
    """Cleans to a tuple of TaskData; lines without words are left out."""

    widget = TasksInput

    def clean(self, value: Any) -> tuple[TaskData, ...]:
        return tuple(self._task(*line) for line in value or [])

    @staticmethod
    def _task(party: str, what: str, due: str) -> TaskData:
        try:
            ProhibitNullCharactersValidator()(what)
            return TaskData(int(party), what, dt.date.fromisoformat(due))
        except ValueError:
            words = _("Each item says who performs it, what it is, and until when.")
            raise forms.ValidationError(words, code="item") from None


class TextInput(OwnWidget):
    """The text that is signed, shown above a hidden digest of it."""

    template_name = "mediation/parts/text.html"
    shown: Mapping[str, Any] = {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"shown": self.shown}
