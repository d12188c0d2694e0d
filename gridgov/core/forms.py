"""Forms of the admin that are not a model's: one row, one person, dressed like the rest of the page."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from unfold import widgets as dress

from gridgov.core.errors import Faults, Refusal

# The most special first: a Select is also a Widget, a Textarea no TextInput.
_DRESSES: tuple[tuple[type[forms.Widget], list[str]], ...] = (
    (forms.CheckboxInput, dress.CHECKBOX_CLASSES),
    (forms.FileInput, ["gg-file"]),
    (forms.Select, dress.SELECT_CLASSES),
    (forms.Textarea, dress.TEXTAREA_CLASSES),
    (forms.widgets.Input, dress.INPUT_CLASSES),
)


class HouseForm(forms.Form):
    """What a verb asks for. `row` is what it will be done to, `by` whoever fills it in; `plain` for the phone, whose pages
    dress what they show themselves."""

    def __init__(self, *args: Any, row: Any = None, by: Any = None, plain: bool = False, **kwargs: Any) -> None:
        self.row, self.by = row, by
        super().__init__(*args, **kwargs)
        self.arrange()
        if not plain:
            put_on(self)

    def arrange(self) -> None:
        """For subclasses: fit choices and first values to `row` and `by`."""


def put_on(form: forms.BaseForm) -> None:
    """Give the form's widgets unfold's looks, where they have none yet, and its labels the capital that a model's have."""
    for field in form.fields.values():
        field.label = field.label and capfirst(field.label)
        looks = next((looks for kind, looks in _DRESSES if isinstance(field.widget, kind)), None)
        if looks is not None and not field.widget.is_hidden:
            field.widget.attrs.setdefault("class", " ".join(looks))
        if type(field.widget) is forms.Select:
            # With the arrow that the class takes away.
            field.widget.template_name = "unfold/widgets/select.html"


def insist(form: forms.BaseForm) -> dict[str, Any]:
    """What FORM was given; raises Faults where it isn't valid."""
    if not form.is_valid():
        raise Faults({name: list(faults) for name, faults in form.errors.items()})
    return form.cleaned_data


def refuse(form: forms.BaseForm, refusal: Refusal) -> None:
    """Show REFUSAL in FORM, at the field it is about if the form has it."""
    faults = refusal.faults if isinstance(refusal, Faults) else {refusal.field: [refusal.message]}
    for field, messages in faults.items():
        for message in messages:
            form.add_error(field if field in form.fields else None, str(message))


class DeskForm(forms.ModelForm):
    """Leaves the row alone: Django would fill and validate it, and say "constraint violated" where a rule has words. Fields
    of its own begin with a capital as those of the model do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = field.label and capfirst(field.label)

    def _post_clean(self) -> None:
        pass

    def became(self, made: Any) -> Any:
        """Make the row what an action MADE of it: the admin names it in its message."""
        self.instance.__dict__.update(made.__dict__)
        return made


class PicturesInput(forms.ClearableFileInput):
    """Picks several pictures at once; a telephone offers its camera."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True, "accept": "image/jpeg,image/png,image/webp,image/heic,image/heif"})


class PicturesField(forms.FileField):
    """A list of uploads; empty where none were picked."""

    widget = PicturesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        if not any(given):
            super().clean(None, initial)
            return []
        return [super(PicturesField, self).clean(one, initial) for one in given]


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes in a frame that scrolls: there may be a hundred."""

    # To unfold's field template a "checkbox" is a lone box, with its label beside it.
    input_type = "ticks"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "gg-ticks", **(attrs or {})})

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().create_option(*args, **kwargs), "type": "checkbox"}
