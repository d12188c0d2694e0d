"""The part of docs/benchmarks.md about proposals at intake."""

from typing import Any


def _percent(found: dict[str, float]) -> str:
    return f"{found['top1']:.0%} / {found['top3']:.0%}"


def proposal_lines(found: dict[str, Any]) -> list[str]:
    """What bench/suggest.py found, as the page shows it."""
    speed, urgency = found["speed"], found["urgency"]
    own, samples = speed["own_measures"], found["shares"][0]["samples"]["n"]
    lines = [
        "",
        "## Proposals at intake",
        "",
        "How often the category that a person chose was the first proposed / among the first three. Nothing is fetched from "
        "outside; what is learned comes from cases of the demo street, whose texts are made from templates. So what is held out is "
        f"held out by template, five-fold: a held sentence was never seen with any of its fillings. The {samples} hand-written samples "
        "are never learned from either, but many of their sentences live on in a template; they are therefore measured with those "
        "templates left out, and, for comparison only, with them.",
        "",
        f"| who proposes | learned from | {samples} samples | samples, their copies learned | held templates |",
        "|---|---|---|---|---|",
    ]
    for row in found["shares"]:
        copied = _percent(row["samples_copied"]) if "samples_copied" in row else "—"
        lines.append(
            f"| {row['who']} | {row['cases']:,} cases | {_percent(row['samples'])} | {copied} "
            f"| {_percent(row['templates'])} (of {row['templates']['n']}) |"
        )
    return [
        *lines,
        "",
        f"Urgency on the samples: right by the category alone {urgency['category']:.0%}, with the words of danger "
        f"{urgency['with_danger']:.0%} (they propose more than was set, never less). The measure that each round of learning keeps "
        "of itself, on the newest tenth of the cases, says "
        f"{own.get('top1', 0):.0%} / {own.get('top3', 0):.0%} here only because demo texts repeat.",
        "",
        "| what | among | measured |",
        "|---|---|---|",
        f"| learn from the newest {speed['learned_from']:,} cases | {speed['among']:,} cases | {speed['learn_seconds']:.0f} s, "
        f"{speed['bytes'] / 1e6:.1f} MB kept |",
        f"| proposals and like cases for a report | {speed['among']:,} cases | median {speed['advise']['median']:.1f} ms, "
        f"p95 {speed['advise']['p95']:.1f} ms |",
        f"| like cases of a case | {speed['among']:,} cases | median {speed['similar']['median']:.1f} ms, "
        f"p95 {speed['similar']['p95']:.1f} ms |",
    ]


def proposal_aims(found: dict[str, Any]) -> list[tuple[str, str, bool]]:
    speed = found["speed"]
    return [
        ("learning ≤ 60 s", f"{speed['learn_seconds']:.0f} s", speed["learn_seconds"] <= 60),
        ("proposals and like cases ≤ 50 ms", f"{speed['advise']['median']:.1f} ms", speed["advise"]["median"] <= 50),
    ]
