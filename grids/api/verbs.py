"""How a verb of the map becomes an address: one POST, one action, the row as it stands then as the answer."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer

from gridgov.core.api import ScopedViewSet
from grids.actions.tree import hold_tree


def verb(name: str, asks: type[BaseSerializer], answers: type[BaseSerializer], summary: str, **more: Any) -> Any:
    """A POST verb at …/{id}/NAME/ (or …/NAME/ with `detail=False`, which makes a row and answers 201)."""
    code = status.HTTP_200_OK if more.setdefault("detail", True) else status.HTTP_201_CREATED

    def mark(method: Any) -> Any:
        schema = extend_schema(request=asks, responses={code: answers}, summary=summary)
        return schema(action(methods=["post"], url_path=name, **more)(method))

    return mark


class VerbViewSet(ScopedViewSet):
    """Adds how a verb is carried out."""

    def act(self, asks: type[Serializer], do: Callable[..., Any], name: str = "") -> Response:
        """Call DO with what ASKS reads from the body, and with the row of the address under NAME; answer the row."""
        row = {name: self.get_object()} if name else {}
        given = asks(data=self.request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        made = do(**row, **given.validated_data, by=self.request.user, at=timezone.now())
        rows: Any = type(self).queryset
        shown = rows.all().for_detail().get(pk=made.pk)
        answer = self.get_serializer_class()(shown, context=self.get_serializer_context())
        return Response(answer.data, status=status.HTTP_200_OK if name else status.HTTP_201_CREATED)


class TreeViewSet(VerbViewSet):
    """Rows of a tree: whoever writes one takes the tree's lock before any row."""

    def hold_row(self, row: Any) -> None:
        hold_tree(type(row))
        super().hold_row(row)
