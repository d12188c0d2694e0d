"""A file in which two neighbours come to an agreement, step by step."""

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from accounts.models import User
from mediation.actions.agreements import write_agreement
from mediation.actions.signing import sign
from mediation.choices.deeds import AgreementForm, SignedHow
from mediation.models import Agreement, Mediation, Mediator, Party, Signature
from mediation.rules.agreements import TaskData
from tests.factories import MONDAY, make_street
from tests.mediation.people import director_of, make_committee, make_file, make_mediator, seat

# A day of the sessions, and the day on which the last hand is put to it.
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + dt.timedelta(days=n) for n in (1, 2, 3))
DEADLINE = THURSDAY.date() + dt.timedelta(days=14)


def drawn() -> bytes:
    """A name drawn by finger."""
    picture, out = Image.new("RGBA", (160, 60)), io.BytesIO()
    ImageDraw.Draw(picture).line([(10, 40), (60, 15), (90, 45), (150, 20)], fill="black", width=3)
    picture.save(out, "PNG")
    return out.getvalue()


@dataclass
class Told:
    """The file, its mediator and director, and both parties."""

    file: Mediation
    mediator: Mediator
    by: User
    director: User
    parties: list[Party]

    def words(self, **values: Any) -> dict[str, Any]:
        given = {
            "mediation": self.file, "form": AgreementForm.WRITTEN, "facts": self.file.facts, "points": self.file.points,
            "duties": "双方各有责任。", "content": "楼上修缮防水，楼下恢复天花板，费用由楼上承担。",
            "manner": "楼上住户自行联系施工，完工后双方验收。", "deadline": DEADLINE,
            "tasks": [TaskData(self.parties[1].pk, "修好防水层", DEADLINE)], "by": self.by, "at": TUESDAY,
        }  # fmt: skip
        return {**given, **values}

    def write(self, **values: Any) -> Agreement:
        return write_agreement(**self.words(**values))

    def sign(self, at: dt.datetime = WEDNESDAY, **values: Any) -> Signature:
        """By somebody on the screen, at the moment AT."""
        digest = values.pop("digest", None) or Agreement.objects.get(mediation=self.file).digest
        given = {
            "how": SignedHow.SCREEN, "picture": drawn(), "signed_on": at.date(), "by": self.by, "at": at, "digest": digest,
        }  # fmt: skip
        return sign(mediation=self.file, **{**given, **values})

    def agree(self, seal_at: dt.datetime = THURSDAY) -> Agreement:
        """Written on Tuesday, signed on Wednesday, sealed on Thursday."""
        self.write()
        for party in self.parties:
            self.sign(party=party.pk)
        self.sign(mediator=self.mediator.pk)
        self.sign(seal_at, seal=True, picture=b"", by=self.director)
        self.file.refresh_from_db()
        return Agreement.objects.get(mediation=self.file)


def make_told(code: str = "990101001", **values: Any) -> Told:
    committee = make_committee(make_street(code).totals[0])
    mediator = make_mediator(committee.grid)
    seat(committee, mediator)
    row = make_file(committee, mediator, **values)
    assert mediator.user is not None
    return Told(row, mediator, mediator.user, director_of(committee), list(row.parties.order_by("pk")))
