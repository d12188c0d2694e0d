"""Every model that holds somebody's phone is asked for it by one name: requests of a person concerned stand on it."""

import pytest
from django.apps import apps

pytestmark = pytest.mark.django_db
# Of an office, and no person's: on doors and on the page for everybody.
OFFICES = {"grids.unit", "grids.publicpage", "mediation.committee"}


def test_each_model_with_a_phone_is_asked_by_the_same_name() -> None:
    holding = {
        model._meta.label_lower: model
        for model in apps.get_models()
        if any(field.name.endswith("phone") for field in model._meta.concrete_fields)
    }
    assert set(holding) - OFFICES == {
        "accounts.user", "cases.reporter", "door.slip", "grids.post", "mediation.expert", "mediation.helper",
        "mediation.mediator", "mediation.party", "resources.resource", "volunteers.volunteer",
    }  # fmt: skip
    holding["integrations.ownchannel"] = apps.get_model("integrations", "OwnChannel")
    for label in holding.keys() - OFFICES:
        rows = holding[label]._default_manager
        assert not rows.about_phone("138 0000 0000").exists()
        assert not rows.about_phone("").exists()
