"""What is brought outside, and what comes of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.choices.channels import ChannelKind


@dataclass(frozen=True)
class Letter:
    """What is to be brought: TEXT by a channel of KIND with what it was GIVEN and its SECRETS, to the address TO ('' : its group)."""

    kind: ChannelKind
    given: Mapping[str, Any]
    secrets: Mapping[str, str]
    text: str
    subject: str = ""
    to: str = ""
    # By which a gateway may know a repetition.
    number: str = ""


@dataclass(frozen=True)
class Outcome:
    """Whether it was taken; if not, why, in a sentence for whoever keeps the channel, and how long the other side wants rest.
    `answer` is the beginning of the other side's own words."""

    ok: bool
    said: str = ""
    wait: dt.timedelta | None = None
    answer: str = ""
