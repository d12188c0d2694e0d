"""The proposals: how often they are right, on words the learner has not seen, and how long they take.

Held out is always by TEMPLATE (a sentence of gridgov/demo/data/texts.txt with its slots), never by case: cases of one
template are near copies of each other, and a learner that has seen one knows them all. The 45 hand-written samples are
no drawn cases, but many of their sentences live on in a template; they are measured with and without those.
"""

import csv
import json
import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import django

from bench.measure import milliseconds

FOLDS = 5
COPY = 6  # characters in a row that a sample and a template of its category share, to count as a copy
Item = tuple[str, str]  # text, category
Guess = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Drawn:
    """A case of the demo, with the place of its template among all."""

    category: str
    text: str
    place: str
    grid: int
    template: tuple[str, int]


def _templates() -> dict[str, tuple[str, ...]]:
    from gridgov.demo import wording

    return dict(wording._sections("texts.txt"))


def _drawn(count: int) -> list[Drawn]:
    """COUNT cases of the demo street's year, the newest first."""
    import datetime as dt

    from gridgov.demo import plan
    from gridgov.demo.history import SHANGHAI, history

    end = dt.datetime(2026, 11, 20, tzinfo=SHANGHAI)
    forms = {code: [_form(line) for line in lines] for code, lines in _templates().items()}
    grids: dict[str, int] = {}
    found = []
    for case in history(plan.demo(1), count, end - dt.timedelta(days=365), end):
        number = next(i for i, form in enumerate(forms[case.category]) if form.search(case.text))
        grid = grids.setdefault(case.grid, len(grids) + 1)
        found.append(Drawn(case.category, case.text, case.place, grid, (case.category, number)))
    return found[::-1]


def _form(line: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", re.sub("^[冬夏]\\|", "", line))
    return re.compile(".{1,6}?".join(map(re.escape, parts)))


def _samples() -> list[dict[str, str]]:
    from gridgov.demo.units import DATA

    with (DATA / "sample_cases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _copies(samples: Iterable[dict[str, str]]) -> set[tuple[str, int]]:
    """The templates that say the same as a sample of any category, in the same words."""

    def bare(text: str) -> str:
        return "".join(re.findall("[㐀-鿿]+", re.sub(r"\{\w+\}", "", text)))

    texts = [bare(row["text"]) for row in samples]
    return {
        (code, i)
        for code, lines in _templates().items() for i, line in enumerate(lines)
        if any(SequenceMatcher(None, text, bare(line), autojunk=False).find_longest_match().size >= COPY for text in texts)
    }  # fmt: skip


def _share(guess: Guess, items: Sequence[Item]) -> dict[str, float]:
    """How often the category was the first, and among the first three."""
    found = [(guess(text)[:3], code) for text, code in items]
    first = sum(codes[:1] == [code] for codes, code in found)
    return {
        "n": len(items),
        "top1": first / len(items),
        "top3": sum(code in codes for codes, code in found) / len(items),
    }


def _matters() -> list[Any]:
    from cases.reports.learner import Matter
    from gridgov.demo.catalogue import CATEGORIES_CSV

    with CATEGORIES_CSV.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "2"]
    return [Matter(row["code"], row["name_zh"], tuple(w for w in row["keywords_zh"].split("|") if w)) for row in rows]


def _learner(matters: list[Any], cases: Iterable[Drawn], places: Any) -> Guess:
    from cases.reports.learner import Examples, fit

    examples = Examples()
    for case in cases:
        examples.add(case.category, case.text, case.grid, places=places)
    classifier, codes = fit(matters, examples), {matter.code for matter in matters}
    return lambda text: [found.code for found in classifier.guess(text, codes, 3)]


def _counting(matters: list[Any]) -> Guess:
    """The plainest thing: the category whose key words occur most."""

    def guess(text: str) -> list[str]:
        hits = {m.code: sum(len(word) for word in m.keywords if word in text) for m in matters}
        return sorted((code for code, count in hits.items() if count), key=lambda code: (-hits[code], code))

    return guess


def measure_shares(counts: Sequence[int] = (3_000, 30_000)) -> list[dict[str, Any]]:
    """The table: who proposes, learned from how many cases, and the shares on each kind of unseen words."""
    from cases.reports.wording import NOBODY

    matters, samples = _matters(), _samples()
    items = [(row["text"], row["category_code"]) for row in samples]
    copies = _copies(samples)
    table = []
    drawn = _drawn(max(counts))
    one_each = _one_each(drawn)
    templates = [(case.text, case.category) for case in one_each.values()]
    for name, guess in (
        ("key words counted", _counting(matters)),
        ("the matter list alone", _learner(matters, [], NOBODY)),
    ):
        table.append({"who": name, "cases": 0, "samples": _share(guess, items), "templates": _share(guess, templates)})
    for count in counts:
        cases = drawn[:count]
        places = _places(cases)
        held = [
            _share(_learner(matters, [c for c in cases if fold[c.template] != k], places),
                   [(one_each[t].text, t[0]) for t, f in fold.items() if f == k])
            for fold in [_folds(one_each)] for k in range(FOLDS)
        ]  # fmt: skip
        total = sum(part["n"] for part in held)
        table.append({
            "who": "matter list and cases", "cases": count,
            "samples": _share(_learner(matters, [c for c in cases if c.template not in copies], places), items),
            "samples_copied": _share(_learner(matters, cases, places), items),
            "templates": {"n": total} | {k: sum(p[k] * p["n"] for p in held) / total for k in ("top1", "top3")},
        })  # fmt: skip
    return table


def _one_each(drawn: Iterable[Drawn]) -> dict[tuple[str, int], Drawn]:
    """One case of each template, as it was drawn."""
    found: dict[tuple[str, int], Drawn] = {}
    for case in drawn:
        found.setdefault(case.template, case)
    return found


def _folds(templates: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Each template in one of five parts, those of a category spread over all parts."""
    by_category = defaultdict(list)
    for template in sorted(templates):
        by_category[template[0]].append(template)
    dice, found = random.Random(7), {}
    for rows in by_category.values():
        dice.shuffle(rows)
        start = dice.randrange(FOLDS)
        found |= {template: (start + i) % FOLDS for i, template in enumerate(rows)}
    return found


def _places(cases: Iterable[Drawn]) -> Any:
    from cases.reports.ground import Survey

    survey = Survey()
    for case in cases:
        survey.case(case.place, (case.grid,))
    return survey.ground().names


def measure_urgency() -> dict[str, float]:
    """On the samples: how often the words of danger bring the urgency that was really set, and how often the category
    alone would have."""
    from cases.reports.suggestion import _graver
    from cases.reports.wording import SERIOUSNESS, danger
    from gridgov.demo.catalogue import categories

    own = {category.code: category.urgency for category in categories()}
    rows = _samples()
    plain = sum(own[row["category_code"]] == row["urgency"] for row in rows)
    right = 0
    for row in rows:
        raised = max(danger(row["text"]).values(), key=SERIOUSNESS.__getitem__, default="normal")
        right += _graver(own[row["category_code"]], raised) == row["urgency"]
    return {"n": len(rows), "category": plain / len(rows), "with_danger": right / len(rows)}


def measure_speed() -> dict[str, Any]:
    """On the database as it stands: learning, a proposal, and like cases among all."""
    from django.utils import timezone

    from accounts.models import User
    from cases.actions import learn_suggestions
    from cases.models import Case, SuggestionModel
    from cases.reports import advise, similar_to

    at, by = timezone.now(), User.objects.filter(role="street", is_active=True).order_by("pk").first()
    start = time.perf_counter()
    row = learn_suggestions(by=User.objects.system(), at=at)
    learned = time.perf_counter() - start
    steps = ("category", "street", "total", "comprehensive", "grid")
    cases = list(Case.objects.visible_to(by).select_related(*steps).exclude(total=None).order_by("-pk")[:200])
    advise(text=cases[0].text, by=by, at=at)
    proposals = [milliseconds(lambda c=c: advise(text=c.text, place=c.place, by=by, at=at)) for c in cases]  # type: ignore[misc]
    likes = [milliseconds(lambda c=c: similar_to(c, by=by, at=at)) for c in cases]  # type: ignore[misc]
    assert row is not None
    return {
        "among": Case.objects.count(), "learn_seconds": learned, "learned_from": row.cases, "own_measures": row.measures,
        "bytes": len(SuggestionModel.objects.order_by("-pk")[0].data),
        "advise": _figures(proposals), "similar": _figures(likes),
    }  # fmt: skip


def _figures(times: list[float]) -> dict[str, float]:
    return {"median": statistics.median(times), "p95": statistics.quantiles(times, n=20)[-1]}


def main() -> None:
    django.setup()
    print(json.dumps({"shares": measure_shares(), "urgency": measure_urgency(), "speed": measure_speed()}))


if __name__ == "__main__":
    main()
