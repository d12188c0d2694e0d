"""What the verbs of a case share in the API."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action

from cases.api import serializers as s


def verb(name: str, asks: type, summary: str, answers: type = s.CaseMovedSerializer) -> Callable[[Any], Any]:
    """A POST verb of the case at /cases/{id}/NAME/ that asks for ASKS and answers where the case stands."""

    def mark(method: Any) -> Any:
        schema = extend_schema(request=asks, responses={200: answers}, summary=summary, tags=["cases"])
        return schema(action(detail=True, methods=["post"], url_path=name)(method))

    return mark
