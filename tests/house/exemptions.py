"""Exemptions from the rules of the house: each has a reason and a day on which it must be thought about again."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

# Meant to stay; looked at once a year all the same.
YEARLY = dt.date(2027, 11, 30)
# A debt: to be paid by then.
SOON = dt.date(2027, 2, 28)


@dataclass(frozen=True)
class Exemption:
    reason: str
    until: dt.date = YEARLY


Exemptions = Mapping[str, Exemption]


def judge(faults: Mapping[str, str], exemptions: Exemptions, rule: str) -> None:
    """Fail where FAULTS (what → why it is one) are not exempted, or an exemption has run out or is needed no more."""
    today = dt.date.today()
    told = [f"{what}: {why}" for what, why in sorted(faults.items()) if what not in exemptions]
    for what, exemption in sorted(exemptions.items()):
        if what not in faults:
            told.append(f"{what}: is exempted but keeps the rule now; take the exemption out")
        elif exemption.until < today:
            told.append(f"{what}: exempted until {exemption.until} ({exemption.reason}); mend it or think again")
    if told:
        pytest.fail("\n  ".join([rule, *told]), pytrace=False)
