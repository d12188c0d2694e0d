"""Signing in by the word of somebody outside: how a person is kept, and for how long a first visit waits for an account."""

import datetime as dt

from django.utils.crypto import salted_hmac

# Between coming back from the provider and signing in by the password, once.
BIND_WITHIN = dt.timedelta(minutes=10)
LONGEST_SUBJECT = 255


def kept_subject(way: str, subject: str) -> str:
    """A person as the table holds them: found again by whoever brings the same name, and told to nobody who reads the table."""
    return salted_hmac("accounts.identity", f"{way}:{subject}", algorithm="sha256").hexdigest()
