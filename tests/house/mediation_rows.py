"""Rows of mediation's API, one at a time (tests.house.rows): each with whoever reads it, where that isn't the street office."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from accounts.models import User
from mediation.models import Committee, Expert, Mediation, Volume
from tests.factories import MONDAY, Cast
from tests.mediation.people import make_committee, make_file, make_mediator, make_room, make_session


def _expert(cast: Cast, number: int) -> Any:
    return Expert.objects.create(grid=cast.place.comprehensives[0], profession="lawyer", name=f"顾问{number}")


def _director(cast: Cast) -> User:
    return cast.lead


def _mediation(cast: Cast, number: int) -> Mediation:
    committee = Committee.objects.filter(seats__mediator__user=cast.lead).first()
    committee = committee or make_committee(cast.place.comprehensives[0], cast.lead)
    return make_file(committee, make_mediator(cast.place.comprehensives[0]))


def _volume(cast: Cast, number: int) -> Any:
    kept = {"file": uuid.uuid4(), "expires_at": MONDAY + dt.timedelta(days=1)}
    return Volume.objects.create(mediation=_mediation(cast, number), user=cast.lead, at=MONDAY, **kept)


Make, Reader = Callable[[Cast, int], Any], Callable[[Cast], User]
MEDIATION: dict[str, tuple[Make] | tuple[Make, Reader]] = {
    "mediation-committees": (lambda cast, number: make_committee(cast.place.comprehensives[0]),),
    "mediation-experts": (_expert,),
    "mediation-rooms": (lambda cast, number: make_room(cast.place.comprehensives[0]),),
    "mediation-sessions": (lambda cast, number: make_session(_mediation(cast, number)), _director),
    "mediation-volumes": (_volume, _director),
    "mediations": (_mediation, _director),
    "mediators": (lambda cast, number: make_mediator(cast.place.comprehensives[0]),),
}
