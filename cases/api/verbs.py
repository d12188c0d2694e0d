"""How a verb of a case becomes an address: one POST, one action, where the case stands as the answer."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from cases.api import serializers as s
from cases.models import Case
from gridgov.core.api import asked


def verb(name: str, asks: type, summary: str, answers: type = s.CaseMovedSerializer) -> Callable[[Any], Any]:
    """A POST verb of the case at /cases/{id}/NAME/ that asks for ASKS and answers where the case stands."""

    def mark(method: Any) -> Any:
        schema = extend_schema(request=asks, responses={200: answers}, summary=summary, tags=["cases"])
        return schema(action(detail=True, methods=["post"], url_path=name)(method))

    return mark


class CaseVerbs:
    """For the mixins that bring verbs: how they call their action."""

    request: Any
    kwargs: Any

    def act(self, verb: Callable[..., Any], asks: type, **extra: Any) -> Any:
        """Read what is asked for and call the action; an invisible case does not exist."""
        given = asked(asks, self.request.data)
        try:
            return verb(case=int(self.kwargs["pk"]), by=self.request.user, at=timezone.now(), **given, **extra)
        except Case.DoesNotExist:
            raise Http404 from None

    def move(self, verb: Callable[..., Case], asks: type) -> Response:
        return Response(s.moved(self.act(verb, asks)))
