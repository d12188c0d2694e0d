"""Another street's numbers in what is sent: in bodies, forms, questions behind the ?, and fields that complete names. All are
answered like numbers that nothing has."""

import json
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin

from tests.access import table as tables
from tests.access.addresses import url_of
from tests.access.asking import Asker, quick
from tests.access.filling import body_of, filled, forms_in
from tests.access.places import Place, places
from tests.access.shared import ASKED, COMPLETED, SENT, TAKEN
from tests.access.walk import Walk
from tests.access.world import NO_ID, World
from tests.house.exemptions import judge
from tests.openapi import document

TABLE = tables.read()
# What a field of the API may name, and what nothing is called.
NOTHING = {"grid": "990101001999999999", "street": "990101777", "code": "zz", "category": "9999", "user": "nobody-here"}
# The matter list is everybody's.
EVERYBODYS = {"category", "matters"}


def strange(name: str, value: Any) -> Any:
    """A value like VALUE that names nothing."""
    if isinstance(value, list):
        return [strange(name, one) for one in value]
    if isinstance(value, int):
        return NO_ID
    known = {"grid_code": "grid", "deputy": "user", "secretary": "user", "matters": "category", "case_no": "code"}
    return NOTHING.get(known.get(name, name), "zz")


def said(answer: Any, *values: Any) -> tuple[int, str]:
    """Status and words, without the VALUES that were sent."""
    words = answer.content.decode("utf-8", "replace") if not answer.streaming else ""
    for value in sorted({str(one) for one in values}, key=len, reverse=True):
        words = words.replace(value, "#")
    return answer.status_code, words


def test_bodies_of_the_api(walk: Walk) -> None:
    faults, tried = {}, 0
    near, mine = walk.theirs.names(), walk.ours.names()
    with quick():
        for name in ("street", "key"):
            asker = Asker(walk.hands[name])
            for place, method in _changing():
                kind, body = body_of(place.template, method, mine)
                for field in sorted(body.keys() & near.keys() - EVERYBODYS):
                    if near[field] == mine[field]:
                        continue
                    tried += 1
                    told = _both(
                        asker, method, url_of(place, walk.ours), kind, body, field, _like(body[field], near[field])
                    )
                    if told:
                        faults[f"{method.upper()} {place.template} {field}"] = f"{told} as {name}"
    judge(faults, SENT, "Another street's numbers in a body are like none:")
    assert tried > 80


def _changing() -> Iterator[tuple[Place, str]]:
    for place in places():
        if place.template.startswith("/api/v1/"):
            yield from ((place, method) for method in place.methods if method != "get")


def _like(value: Any, near: Any) -> Any:
    return [near] if isinstance(value, list) else near


def _both(asker: Asker, method: str, url: str, kind: str, body: dict[str, Any], field: str, near: Any) -> str:
    """What gives the one away, or ''."""
    none = strange(field, near)
    theirs, nothing = (asker.ask(method, url, body | {field: value}, kind) for value in (near, none))
    if theirs.status_code < 400:
        return f"is done with another street's ({theirs.status_code})"
    flat = [*near, *none] if isinstance(near, list) else [near, none]
    if said(theirs, *flat) != said(nothing, *flat):
        return f"tells {said(theirs, *flat)} of another street's, {said(nothing, *flat)} of none"
    return ""


def test_forms_of_pages(walk: Walk) -> None:
    """Every field that chooses a row, of every form, filled in with another street's: nothing is done with it that isn't done
    with a number that nothing has."""
    faults, tried = {}, 0
    with quick():
        for place in places():
            name = next((one for one in ("street", "lead", "mediator", "system") if _opens(place, one)), "")
            if not name or not _chooses(place):
                continue
            asker, url = Asker(walk.hands[name]), url_of(place, walk.ours)
            shown = [one for _t, context in asker.ask("get", url).drawn for one in forms_in(context)]
            given = {key: value for form in shown for key, value in filled(form).items()}
            for form, field, model in [(one, *found) for one in shown for found in choosers(one)]:
                row = _row(walk.theirs, model)
                if row is not None:
                    tried += 1
                    key = str(getattr(row, form.fields[field].to_field_name or "pk"))
                    answer = asker.ask("post", url, given | {form.add_prefix(field): key})
                    if answer.status_code in {201, 204, 302} and answer.changed:
                        faults[f"{model} in {place.template} {field}"] = f"is done with another street's row as {name}"
                    elif answer.status_code >= 500:
                        faults[f"{model} in {place.template} {field}"] = f"is answered {answer.status_code} as {name}"
    judge(faults, TAKEN, "Forms take what is one's own:")
    assert tried > 40


def _chooses(place: Place) -> bool:
    """Whether a form stands there in which a row may be chosen: of a verb only where its form has such a field."""
    found = re.fullmatch(r"/admin/(\w+)/(\w+)/{pk}/do/([\w-]+)/", place.template)
    if found is None:
        return place.template.endswith(("/add/", "/change/")) or (
            place.template.startswith("/m/") and bool(place.names)
        )
    page = next(
        one for model, one in admin.site._registry.items() if model._meta.label_lower == f"{found[1]}.{found[2]}"
    )
    verb = next(one for one in page.all_verbs() if one.name == found[3])
    return any(isinstance(field, forms.ModelChoiceField) for field in verb.form.base_fields.values())


def _opens(place: Place, name: str) -> bool:
    return TABLE.get(("GET", place.template), {}).get(name) == "o"


def choosers(form: Any) -> Iterator[tuple[str, str]]:
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField):
            yield name, field.queryset.model._meta.label_lower


def _row(world: World, model: str) -> Any:
    if model == "accounts.user":
        return world.cast.worker
    if model == "grids.grid":
        return world.cast.place.micros[0]
    return world.row(model) if model in world.more or model in world.span else None


def test_questions_of_the_api(walk: Walk) -> None:
    """Lists asked for another street's grid, unit, case: as for one that nobody has."""
    faults, tried = {}, 0
    near = walk.theirs.names()
    with quick():
        for name in ("street", "unit"):
            asker = Asker(walk.hands[name])
            for path, operations in document()["paths"].items():
                named = [one["name"] for one in operations.get("get", {}).get("parameters", ()) if one["in"] == "query"]
                for field in [one for one in named if one in near and one not in EVERYBODYS]:
                    tried += 1
                    url = re.sub(r"{\w+}", str(NO_ID), path)
                    value, none = near[field], strange(field, near[field])
                    theirs, nothing = (asker.ask("get", f"{url}?{field}={one}") for one in (value, none))
                    if said(theirs, value, none) != said(nothing, value, none):
                        faults[f"GET {path} ?{field}"] = f"{said(theirs, value, none)} {said(nothing, value, none)}"[
                            :600
                        ]
    judge(faults, ASKED, "Another street's numbers behind the ? are like none:")
    assert tried > 40


def test_fields_that_complete_names(walk: Walk) -> None:
    faults, tried = {}, 0
    for name in ("street", "total", "lead", "worker", "unit", "mediator", "security", "auditor"):
        asker = Asker(walk.hands[name])
        for model, page in admin.site._registry.items():
            for field in page.autocomplete_fields or ():
                label = model._meta.get_field(field).related_model._meta.label_lower
                row = _row(walk.theirs, label)
                if row is None:
                    continue
                tried += 1
                asked = (
                    f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={field}&term="
                )
                answer = asker.ask("get", f"/admin/autocomplete/?{asked}")
                found = (
                    {one["id"] for one in json.loads(answer.content)["results"]} if answer.status_code == 200 else set()
                )
                if str(row.pk) in found:
                    faults[f"{label} in {model._meta.label_lower}.{field}"] = (
                        f"completes another street's row as {name}"
                    )
    judge(faults, COMPLETED, "Names are completed with one's own:")
    assert tried > 8


FILTERS = (
    ("/api/v1/contact-cards/?post=", "grids.post"), ("/api/v1/delegations/?user=", "accounts.user"),
    ("/api/v1/delegations/?deputy=", "accounts.user"), ("/api/v1/posts/?user=", "accounts.user"),
    ("/api/v1/posts/?grid=", "grids.grid"), ("/api/v1/mediation-volumes/?mediation=", "mediation.mediation"),
)  # fmt: skip


def test_a_filter_knows_no_row_of_another_street(walk: Walk) -> None:
    """It was answered with an empty list, and a number that nothing has with a refusal."""
    asker = Asker(walk.hands["street"])
    for url, model in FILTERS:
        near, none = _row(walk.theirs, model).pk, NO_ID
        theirs, nothing = (asker.ask("get", f"{url}{one}") for one in (near, none))
        assert said(theirs, near, none) == said(nothing, near, none) and theirs.status_code == 400, url
        if model != "mediation.mediation":
            assert asker.ask("get", f"{url}{_row(walk.ours, model).pk}").status_code == (
                400 if "delegations" in url else 200
            ), url


def test_a_file_is_referred_to_no_committee_elsewhere(walk: Walk) -> None:
    asker, mine = Asker(walk.hands["key"]), walk.ours.names()
    kind, body = body_of("/api/v1/mediations/refer/", "post", mine)
    near = walk.theirs.names()["committee"]
    theirs, nothing = (
        asker.ask("post", "/api/v1/mediations/refer/", body | {"committee": one}, kind) for one in (near, NO_ID)
    )
    assert said(theirs, near, NO_ID) == said(nothing, near, NO_ID)


def test_a_party_of_no_file_of_ones_own_is_not_there(walk: Walk) -> None:
    """A form's hidden number of a party: of another file it was an error 500."""
    asker = Asker(walk.hands["mediator"])
    url = f"/admin/mediation/mediation/{walk.ours.row('mediation.mediation').pk}/do/change-party/"
    given = {"role": "applicant", "name": "赵某", "phone": "13800000001"}
    with quick():
        answers = [
            asker.ask("post", url, given | {"party": str(key)})
            for key in (walk.theirs.row("mediation.party").pk, NO_ID)
        ]
    assert [answer.status_code for answer in answers] == [404, 404]
