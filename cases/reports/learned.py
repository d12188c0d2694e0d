"""What was learned, as a row keeps it and as a process has it at hand: read again when a newer row stands, looked for
at most once a minute."""

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from cases.models import SuggestionModel
from cases.reports.ground import Ground
from cases.reports.learner import Classifier, Examples, Matter, fit

LOOK_AGAIN = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Learned:
    """A classifier and what it knows of the ground. Without a row: what the catalogue alone says."""

    classifier: Classifier
    ground: Ground
    trained_at: dt.datetime | None = None
    cases: int = 0


@dataclass
class _Kept:
    pk: int | None = None
    learned: Learned | None = None
    looked_at: dt.datetime | None = None


_kept = _Kept()


def forget() -> None:
    """Look for a newer row at the next question."""
    _kept.looked_at = None


def learned(matters: tuple[Matter, ...], at: dt.datetime) -> Learned:
    """What is known at AT; two queries when a newer row stands, one when it is time to look, else none."""
    if _kept.looked_at is None or abs(at - _kept.looked_at) >= LOOK_AGAIN:
        newest = SuggestionModel.objects.order_by("-pk").values_list("pk", flat=True).first()
        if newest != _kept.pk:
            row = SuggestionModel.objects.filter(pk=newest).first()
            _kept.learned = None if row is None else unpack(row)
            _kept.pk = newest
        _kept.looked_at = at
    return _kept.learned or _from_catalogue(matters)


@lru_cache(maxsize=2)
def _from_catalogue(matters: tuple[Matter, ...]) -> Learned:
    return Learned(fit(matters, Examples()), Ground())


def pack(classifier: Classifier, ground: Ground) -> bytes:
    """Both as one compressed piece, without pickles."""
    import numpy as np

    said = {
        "matters": classifier.matters, "words": list(classifier.vocabulary), "places": ground.places,
        "units": ground.units,
    }  # fmt: skip
    text = np.frombuffer(json.dumps(said, ensure_ascii=False).encode(), dtype=np.uint8)
    file = BytesIO()
    np.savez_compressed(file, said=text, rarity=classifier.rarity, weights=classifier.weights)
    return file.getvalue()


def unpack(row: SuggestionModel) -> Learned:
    import numpy as np

    with np.load(BytesIO(bytes(row.data)), allow_pickle=False) as parts:
        said = json.loads(parts["said"].tobytes())
        matters = tuple(Matter(code, name, tuple(keywords)) for code, name, keywords in said["matters"])
        vocabulary = {word: number for number, word in enumerate(said["words"])}
        classifier = Classifier(matters, vocabulary, parts["rarity"], parts["weights"])
    return Learned(classifier, Ground(said["places"], said["units"]), row.trained_at, row.cases)
