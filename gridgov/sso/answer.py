"""What a way in from outside says about whoever stands at the door."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Somebody:
    """SUBJECT names the person at the provider for ever; ACCOUNT is the account here that the provider says is theirs, or ''."""

    subject: str
    account: str = ""
