"""The classifier behind the suggestions: one vector of words per category, from its name and key words and from the
mean of its cases, and a ridge regression between these few vectors. No case stands in it by itself.

A word enters from cases only if three cases of at least two grids have it, so that what only one person says is never
kept; numbers and names are cut out before (wording.words).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from cases.reports.wording import NOBODY, Names, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

LEAST_CASES = 3
MOST_WORDS = 20_000
# Found by trying (bench/suggest.py): how stiff the regression is, how much a category's cases count beside its name,
# how many cases it takes for half of that, what a key word adds, how sharp the scores are.
RIDGE, CASES_WEIGHT, HALF_AT = 1.0, 1.5, 1.0
KEYWORD_BONUS, TEMPERATURE = 0.03, 0.03
# What is less likely than this beside a first proposal is only noise.
LEAST_SCORE = 0.003


class Matter(NamedTuple):
    """A category as the learner sees it."""

    code: str
    name: str
    keywords: tuple[str, ...]


@dataclass
class Examples:
    """Cases whose category is known, as numbers of words. `add` them the newest first."""

    numbers: dict[str, int] = field(default_factory=dict)
    cases: list[int] = field(default_factory=list)  # by word: how many cases have it
    grid: list[int] = field(default_factory=list)  # by word: the grid it was first read in, or -1 where in several
    rows: list[tuple[str, list[int]]] = field(default_factory=list)

    def add(self, code: str, text: str, grid: int, *, without: Names = NOBODY, places: Names = NOBODY) -> None:
        """A case of the category CODE in GRID; names of people and PLACES are cut out of its text."""
        found = []
        for word in dict.fromkeys(words(text, without=without, places=places)):
            number = self.numbers.setdefault(word, len(self.numbers))
            if number == len(self.cases):
                self.cases.append(0)
                self.grid.append(grid)
            self.cases[number] += 1
            if self.grid[number] != grid:
                self.grid[number] = -1
            found.append(number)
        self.rows.append((code, found))

    def common(self) -> list[str]:
        """The words that may be kept, the most frequent first."""
        kept = [
            (-self.cases[n], w) for w, n in self.numbers.items() if self.cases[n] >= LEAST_CASES and self.grid[n] < 0
        ]
        return [word for _count, word in sorted(kept)[:MOST_WORDS]]


class Guess(NamedTuple):
    """A category with how sure it is (0–1, over all categories) and the words that led to it."""

    code: str
    score: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Classifier:
    """`weights` is categories × words; `rarity` says how much a word counts in a text."""

    matters: tuple[Matter, ...]
    vocabulary: dict[str, int]
    rarity: "Floats"
    weights: "Floats"

    def guess(self, text: str, among: Collection[str], limit: int) -> list[Guess]:
        """The likeliest categories AMONG the codes, the best first; none where no word of TEXT is known."""
        import numpy as np

        found = [(word, self.vocabulary[word]) for word in dict.fromkeys(words(text)) if word in self.vocabulary]
        hits = [tuple(word for word in matter.keywords if word in text) for matter in self.matters]
        open_ = np.array([matter.code in among for matter in self.matters])
        if not open_.any() or not (found or any(hits)):
            return []
        numbers = [number for _word, number in found]
        values = self.rarity[numbers] / max(float(np.linalg.norm(self.rarity[numbers])), 1e-9)
        pulls = self.weights[:, numbers].astype(np.float32) * values
        scores = pulls.sum(axis=1) + KEYWORD_BONUS * np.array([sum(len(word) ** 0.5 for word in hit) for hit in hits])
        scores = np.where(open_, scores, -np.inf) / TEMPERATURE
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        guesses = [
            Guess(self.matters[i].code, round(float(chances[i]), 4), _because(text, found, pulls[i], hits[i]))
            for i in np.argsort(-chances, kind="stable")[:limit] if open_[i]
        ]  # fmt: skip
        return [g for i, g in enumerate(guesses) if g.because and (i == 0 or g.score >= LEAST_SCORE)]


def _because(text: str, found: Sequence[tuple[str, int]], pulls: "Floats", hits: tuple[str, ...]) -> tuple[str, ...]:
    """At most three words: key words that stand in TEXT, and the pairs that pulled most, joined where they overlap; where
    no pair pulled, the single characters that did."""
    strong = sorted(
        ((float(pull), word) for pull, (word, _n) in zip(pulls, found, strict=True) if pull > 0), reverse=True
    )
    many = [(pull, word) for pull, word in strong if len(word) > 1]
    if not many:
        return (hits or tuple(word for _pull, word in strong))[:3]
    taken = [word for pull, word in many[:4] if pull >= many[0][0] / 3]
    marks = [False] * len(text)
    for word in taken:
        start = text.find(word)
        while start >= 0:
            marks[start : start + len(word)] = [True] * len(word)
            start = text.find(word, start + 1)
    joined = "".join(letter if mark else " " for letter, mark in zip(text, marks, strict=True)).split()
    ranked = [*hits, *sorted(joined, key=lambda w: next(i for i, one in enumerate(taken) if one in w or w in one))]
    chosen: list[str] = []
    for word in dict.fromkeys(ranked):
        if not any(word in other or other in word for other in chosen):
            chosen.append(word)
    return tuple(chosen[:3])


def fit(matters: Sequence[Matter], examples: Examples, *, skip: int = 0) -> Classifier:
    """Learn from the catalogue and from EXAMPLES but for the first SKIP (the newest), which are left to measure by."""
    import numpy as np

    said = [[words(matter.name) for matter in matters], [_keywords(matter) for matter in matters]]
    of_list = (word for kind in said for one in kind for word in one)
    vocabulary = {word: i for i, word in enumerate(dict.fromkeys([*examples.common(), *of_list]))}
    numbers = np.full(len(examples.numbers), -1)
    for word in vocabulary.keys() & examples.numbers.keys():
        numbers[examples.numbers[word]] = vocabulary[word]
    place = {matter.code: i for i, matter in enumerate(matters)}
    rows = []
    for code, of_case in examples.rows[skip:]:
        if code in place:
            kept = numbers[of_case]
            rows.append((place[code], kept[kept >= 0]))
    kinds = [[[vocabulary[word] for word in one] for one in kind] for kind in said]
    rarity = _rarity(len(matters), len(vocabulary), rows, kinds)
    weights = _ridge([_mean(len(matters), rows, rarity), *(_plain(kind, rarity) for kind in kinds)], len(matters))
    return Classifier(tuple(matters), vocabulary, rarity.astype(np.float32), weights.astype(np.float16))


def _keywords(matter: Matter) -> list[str]:
    return [word for key in matter.keywords for word in words(key)]


def _rarity(count: int, size: int, rows: Sequence[tuple[int, "Floats"]], kinds: Sequence[list[list[int]]]) -> "Floats":
    """How much each of SIZE words tells: the rarer in texts, and the fewer of the COUNT categories have it, the more."""
    import numpy as np

    texts, classes = np.zeros(size), np.zeros((count, size), dtype=bool)
    of_list: list[tuple[int, Any]] = [(y, list(set(one))) for kind in kinds for y, one in enumerate(kind)]
    for y, numbers in [*rows, *of_list]:
        texts[numbers] += 1
        classes[y, numbers] = True
    idf = np.log((1 + len(rows) + 2 * count) / (1 + texts)) + 1
    apart = np.log((1 + count) / (1 + classes.sum(axis=0))) + 0.2
    return np.asarray(np.sqrt(idf * apart))


def _mean(count: int, rows: Iterable[tuple[int, "Floats"]], rarity: "Floats") -> "Floats":
    """By category the mean of its cases' vectors, brought to a length that grows with their number."""
    import numpy as np

    sums, cases = np.zeros((count, len(rarity)), dtype=np.float32), np.zeros(count)
    for y, numbers in rows:
        if len(numbers):
            values = rarity[numbers]
            sums[y, numbers] += values / np.linalg.norm(values)
            cases[y] += 1
    length = np.maximum(np.linalg.norm(sums, axis=1), 1e-9)
    return np.asarray(sums * (CASES_WEIGHT * cases / (cases + HALF_AT) / length)[:, None])


def _plain(kind: Sequence[Sequence[int]], rarity: "Floats") -> "Floats":
    """By category the vector of the words that the catalogue says of it."""
    import numpy as np

    found = np.zeros((len(kind), len(rarity)), dtype=np.float32)
    for y, one in enumerate(kind):
        for number in one:
            found[y, number] += 1
    found = np.where(found > 0, 1 + np.log(np.maximum(found, 1)), 0) * rarity
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9))


def _ridge(kinds: Sequence["Floats"], count: int) -> "Floats":
    """Weights that give each category's own vectors one and all others none, solved among the vectors: there are few."""
    import numpy as np

    vectors = np.concatenate(kinds).astype(np.float32)
    wanted = np.tile(np.eye(count), (len(kinds), 1)) - 1 / max(count, 1)
    inner = (vectors @ vectors.T).astype(np.float64) + RIDGE * np.eye(len(vectors))
    return np.asarray((vectors.T @ np.linalg.solve(inner, wanted)).T)


def shares(classifier: Classifier, examples: Examples, held: int) -> dict[str, float]:
    """How often the final category of the first HELD examples was the first, or among the first three, proposed."""
    import numpy as np

    words_of = {number: word for word, number in examples.numbers.items()}
    place = {matter.code: i for i, matter in enumerate(classifier.matters)}
    counts = [0, 0, 0]
    for code, numbers in examples.rows[:held]:
        known = [classifier.vocabulary[w] for n in numbers if (w := words_of[n]) in classifier.vocabulary]
        if code not in place or not known:
            continue
        scores = classifier.weights[:, known].astype(np.float32) @ classifier.rarity[known]
        rank = int((scores > scores[place[code]]).sum())
        counts = [counts[0] + 1, counts[1] + (rank < 1), counts[2] + (rank < 3)]
    seen = max(counts[0], 1)
    return {"held": counts[0], "top1": round(counts[1] / seen, 4), "top3": round(counts[2] / seen, 4)}
