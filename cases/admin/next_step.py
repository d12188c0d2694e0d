"""The big button of a case's page where a decision waits."""

from dataclasses import replace

from django.urls import reverse

from cases.forms.verbs.of_application import APPROVE
from cases.models import Application
from gridgov.core.admin_verbs import Button


def decision(row: Application) -> Button:
    """The way to the decision about ROW, coloured: its clock runs on while it waits."""
    url = reverse("admin:cases_application_do", args=[row.pk, APPROVE.name])
    return Button(replace(APPROVE, label=f"{APPROVE.label} · {row.get_kind_display()}"), url, primary=True)
