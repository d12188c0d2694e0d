"""How often something happened lately, counted by all processes together in Valkey, for limits against floods and guessing.

Where Valkey is away each process counts by itself until it is back. So no limit vanishes, codes and passwords can't be tried
without end, and nobody is locked out either: what a house of four processes lets through is four times as much at most, never
less than otherwise. The doctor says so. Who is counted stands as a digest.
"""

import datetime as dt
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from redis import Redis
from redis.exceptions import RedisError

from gridgov.core.codes import digest

log = logging.getLogger("gridgov.counts")
# After a failure nobody waits for Valkey for so long, in seconds.
LEFT_ALONE = 5
_PATIENCE = 0.5
_failed = {"at": float("-inf")}
# What this process counts alone, by the same keys; the oldest give way, so that no flood fills the memory.
_MOST_OWN = 20_000
_own: OrderedDict[str, int] = OrderedDict()
_own_lock = threading.Lock()


@cache
def _valkey() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE)


def shared() -> Any:
    """What all processes count in (a Redis, whose answers its types leave open); raises RedisError when it is asked and away."""
    return _valkey()


def hit(what: str, who: str, *, within: dt.timedelta, at: dt.datetime) -> int:
    """Count one more of WHAT by WHO, and answer how many there are in this span of time."""
    return _change(what, who, 1, within, at)


def take_back(what: str, who: str, *, within: dt.timedelta, at: dt.datetime) -> None:
    """It was no such thing after all."""
    _change(what, who, -1, within, at)


def seen(what: str, who: str, *, within: dt.timedelta, at: dt.datetime) -> int:
    """How many there are, without one more."""
    return _change(what, who, 0, within, at)


def first_time(what: str, who: str, *, within: dt.timedelta, at: dt.datetime) -> bool:
    """Whether this is the first time of WHO."""
    return hit(what, who, within=within, at=at) <= 1


def _change(what: str, who: str, by: int, within: dt.timedelta, at: dt.datetime) -> int:
    seconds = int(within.total_seconds())
    key = f"gridgov.count:{what}:{digest(who)[:32]}:{int(at.timestamp()) // seconds}"
    answers = _asked(lambda valkey: valkey.incrby(key, by).expire(key, seconds))
    return int(answers[0]) if answers else _change_own(key, by)


def _change_own(key: str, by: int) -> int:
    with _own_lock:
        _own[key] = found = _own.get(key, 0) + by
        # Who is counted again and again stays.
        _own.move_to_end(key)
        if len(_own) > _MOST_OWN:
            _own.popitem(last=False)
        return found


def tally(what: str, field: str) -> None:
    """Count one more of FIELD, for whoever takes the tallies of WHAT."""
    _asked(lambda valkey: valkey.hincrby(f"gridgov.tally:{what}", field, 1))


def take_tallies(what: str) -> dict[str, int]:
    """How often each field of WHAT was counted since this was asked last. Whoever takes them and falls loses them."""
    key = f"gridgov.tally:{what}"
    answers = _asked(lambda valkey: valkey.hgetall(key).delete(key))
    return {field.decode(): int(count) for field, count in answers[0].items()} if answers else {}


def _asked(put: Callable[[Any], object]) -> list[Any]:
    """The answers to what PUT lets Valkey do in one go; none where it is away, or was a moment ago."""
    if time.monotonic() - _failed["at"] < LEFT_ALONE:
        return []
    try:
        with _valkey().pipeline() as pipeline:
            put(pipeline)
            return pipeline.execute()
    except RedisError as error:
        _failed["at"] = time.monotonic()
        log.warning("each process counts alone: %s", error)
        return []


def address_of(request: HttpRequest) -> str:
    """The address that REQUEST came from: of as many entries of X-Forwarded-For as there are proxies of ours (GRIDGOV_PROXIES)
    the first, for whatever stands before them anybody can write."""
    proxies: int = settings.PROXIES
    passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return passed[-proxies] if 0 < proxies <= len(passed) else str(request.META.get("REMOTE_ADDR", ""))


def visitor_of(request: HttpRequest) -> str:
    """The address that REQUEST came from, for counting: an IPv6 network counts as one."""
    address = address_of(request)
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    plain = found.ipv4_mapped if isinstance(found, IPv6Address) and found.ipv4_mapped else found
    return (
        str(plain)
        if isinstance(plain, IPv4Address)
        else str(IPv6Network((int(plain), 64), strict=False).network_address)
    )
