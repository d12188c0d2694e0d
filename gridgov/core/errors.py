"""Verdicts and refusals: how a rule says no, and the one shape in which every face passes it on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db import DataError
from drf_standardized_errors.handler import exception_handler as standard_handler
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from gridgov.core.outage import outage_of


class Refusal(Exception):
    """A verb was refused and nothing has changed. `str()` is for the user, `code` for a machine, `status` for HTTP."""

    status: int = status.HTTP_400_BAD_REQUEST
    default_code = "invalid"

    def __init__(self, message: Any, *, code: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class Invalid(Refusal):
    """What was given cannot be right, whoever gives it."""


class NotKnown(Refusal):
    """Who asks is not known by what was shown, or not any more."""

    status = status.HTTP_401_UNAUTHORIZED
    default_code = "not_known"


class Forbidden(Refusal):
    """This person may not do it."""

    status = status.HTTP_403_FORBIDDEN
    default_code = "forbidden"


class Conflict(Refusal):
    """It can't be done now: the thing has moved on, often by somebody else's hand."""

    status = status.HTTP_409_CONFLICT
    default_code = "conflict"


class Unavailable(Refusal):
    """Another house, whose word is needed for it, does not answer."""

    status = status.HTTP_502_BAD_GATEWAY
    default_code = "unavailable"


class Gone(Refusal):
    """What is asked for was there once and can't be had any more; asking again won't help."""

    status = status.HTTP_410_GONE
    default_code = "gone"


class KeyReused(Refusal):
    """A key that stands for one request came with another."""

    status = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "key_reused"


class Faults(Invalid):
    """Several faults of one input: `faults` maps a field's name to its messages."""

    def __init__(self, faults: Mapping[str, list[Any]]) -> None:
        super().__init__(next(iter(faults.values()))[0])
        self.faults = faults


@dataclass(frozen=True)
class Verdict:
    """A rule's answer: true, or the refusal to raise."""

    refusal: Refusal | None = None

    def __bool__(self) -> bool:
        return self.refusal is None

    def insist(self) -> None:
        """Raise the refusal, if there is one."""
        if self.refusal is not None:
            raise self.refusal

    @classmethod
    def forbid(cls, message: Any, code: str = "") -> Self:
        return cls(Forbidden(message, code=code))

    @classmethod
    def clash(cls, message: Any, code: str = "") -> Self:
        return cls(Conflict(message, code=code))

    @classmethod
    def reject(cls, message: Any, code: str = "", field: str | None = None) -> Self:
        return cls(Invalid(message, code=code, field=field))


YES = Verdict()


def _as_api_error(refusal: Refusal) -> APIException:
    if isinstance(refusal, Faults):
        return ValidationError({k: [str(m) for m in v] for k, v in refusal.faults.items()})
    if refusal.status == status.HTTP_400_BAD_REQUEST:
        detail = {refusal.field or "non_field_errors": [str(refusal)]}
        return ValidationError(detail, code=refusal.code)
    error = APIException(str(refusal), code=refusal.code)
    error.status_code = refusal.status
    return error


def exception_handler(exc: Exception, context: Any) -> Response | None:
    """The API's one error shape: {"type", "errors": [{"code", "detail", "attr"}]} (drf-standardized-errors)."""
    if isinstance(exc, Refusal):
        exc = _as_api_error(exc)
    elif isinstance(exc, DataError):
        # What PostgreSQL can't hold was asked for: a year, an offset, a number beyond its bounds.
        exc = ValidationError()
    elif (outage := outage_of(exc)) is not None:
        unavailable: Any = APIException(str(outage.said), code=outage.code)
        unavailable.status_code, unavailable.wait = outage.status, outage.wait
        exc = unavailable
    return standard_handler(exc, context)
