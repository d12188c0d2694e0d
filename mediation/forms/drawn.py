"""A name that is drawn on the screen, as a field of a form: PNG bytes come out of it."""

import base64
import binascii
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mediation.forms.widgets import OwnWidget

HEAD, PNG = "data:image/png;base64,", b"\x89PNG\r\n\x1a\n"
# A drawn name has some ten thousand bytes.
MOST_BYTES = 400_000


class DrawnInput(OwnWidget):
    """The place to sign (static/mediation/sign.js)."""

    template_name = "mediation/parts/drawn.html"

    class Media:
        js = ("mediation/sign.js",)
        css = {"all": ("mediation/sign.css",)}


class DrawnField(forms.Field):
    """Cleans to the bytes of the picture; b"" where nothing was drawn and nothing had to be."""

    widget = DrawnInput
    default_error_messages = {
        "required": _("Please sign first: draw your name in the box."),
        "no_drawing": _("This is no drawn name. Please sign anew."),
    }

    def to_python(self, value: Any) -> bytes:
        if not value:
            return b""
        if not isinstance(value, str) or not value.startswith(HEAD) or len(value) > MOST_BYTES * 4 // 3:
            raise forms.ValidationError(self.error_messages["no_drawing"], code="no_drawing")
        try:
            found = base64.b64decode(value.removeprefix(HEAD), validate=True)
        except (binascii.Error, ValueError):
            found = b""
        if not found.startswith(PNG):
            raise forms.ValidationError(self.error_messages["no_drawing"], code="no_drawing")
        return found
