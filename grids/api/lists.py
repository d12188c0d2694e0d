"""Whole lists at once, as the desk takes them from files: all rows or none, every fault told by the number of its row."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from gridgov.core.api import asked
from grids import actions
from grids.api.serializers import BorderJSON
from grids.api.verbs import VerbViewSet
from grids.choices import GridKind, MicroType, PostKind

MOST_ROWS = 2000
_CODE = {"max_length": 18, "required": False, "allow_blank": True, "default": ""}
_NAME = {"max_length": 64, "required": False, "allow_blank": True, "default": ""}
_DAY = {"required": False, "allow_null": True, "default": None}


class GridRowSerializer(serializers.Serializer):
    """A known code changes name, households and border; a new one is founded under `parent_code`."""

    code = serializers.CharField(max_length=18)
    kind = serializers.ChoiceField(GridKind.choices)
    micro_type = serializers.ChoiceField(MicroType.choices, required=False, allow_blank=True, default="")
    name = serializers.CharField(max_length=64)
    parent_code = serializers.CharField(**_CODE)
    valid_from = serializers.DateField()
    households = serializers.IntegerField(min_value=0, max_value=99_999, **_DAY)
    border = BorderJSON(help_text="null leaves the one that stands", **_DAY)


class PostLineSerializer(serializers.Serializer):
    """A post on a grid or in a unit (by one of its names); one that stands already as it is said is left alone."""

    user = serializers.CharField(max_length=150, help_text="user name")
    name = serializers.CharField(help_text="full name, to be compared", **_NAME)
    kind = serializers.ChoiceField(PostKind.choices)
    grid_code = serializers.CharField(**_CODE)
    unit = serializers.CharField(**_NAME)
    valid_from = serializers.DateField(help_text="default: today", **_DAY)
    valid_to = serializers.DateField(help_text="the last day", **_DAY)


class BindingLineSerializer(serializers.Serializer):
    """A professional worker, by user name or full name, and a grid."""

    person = serializers.CharField(max_length=150)
    unit = serializers.CharField(help_text="empty: any", **_NAME)
    grid_code = serializers.CharField(max_length=18)
    matters = serializers.ListField(
        child=serializers.CharField(max_length=16), required=False, default=list, max_length=100
    )
    valid_from = serializers.DateField(help_text="default: today", **_DAY)
    valid_to = serializers.DateField(help_text="the last day", **_DAY)


def _list_of(row: type[serializers.Serializer], name: str) -> type[serializers.Serializer]:
    """A list of ROWs as the body of a request; with `dry_run` it is only checked."""
    rows = serializers.ListField(child=row(), allow_empty=False, max_length=MOST_ROWS)
    return type(name, (serializers.Serializer,), {"rows": rows, "dry_run": serializers.BooleanField(default=False)})


GridListSerializer = _list_of(GridRowSerializer, "GridListSerializer")
PostListSerializer = _list_of(PostLineSerializer, "PostListSerializer")
BindingListSerializer = _list_of(BindingLineSerializer, "BindingListSerializer")


class GridsTakenSerializer(serializers.Serializer):
    """How many rows were (or, in a dry run, would be) founded, changed, and left as they stood."""

    founded = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class PostsTakenSerializer(serializers.Serializer):
    given = serializers.IntegerField()
    ended = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class BindingsTakenSerializer(serializers.Serializer):
    bound = serializers.IntegerField()
    unchanged = serializers.IntegerField()


def _import(asks: type, answers: type, summary: str) -> Callable[[Any], Any]:
    def mark(method: Any) -> Any:
        schema = extend_schema(request=asks, responses={200: answers}, summary=summary)
        return schema(action(detail=False, methods=["post"], url_path="import")(method))

    return mark


def _take(request: Request, asks: type, verb: Callable[..., Any], row: Callable[..., Any], answers: type) -> Response:
    given = asked(asks, request.data)
    rows = [row(**values) for values in given["rows"]]
    found = verb(rows=rows, dry_run=given["dry_run"], by=request.user, at=timezone.now())
    return Response(answers(found).data)


class GridLists(VerbViewSet):
    """Part of GridViewSet."""

    @_import(GridListSerializer, GridsTakenSerializer, "按清单设立、修改网格（可试运行；有错则全部不入）")
    def take_in(self, request: Request) -> Response:
        return _take(request, GridListSerializer, actions.import_grids, actions.GridRow, GridsTakenSerializer)


class PostLists(VerbViewSet):
    """Part of PostViewSet."""

    @_import(PostListSerializer, PostsTakenSerializer, "按清单任免岗位（可试运行；有错则全部不入）")
    def take_in(self, request: Request) -> Response:
        return _take(request, PostListSerializer, actions.import_posts, actions.PostLine, PostsTakenSerializer)


class BindingLists(VerbViewSet):
    """Part of BindingViewSet."""

    @_import(BindingListSerializer, BindingsTakenSerializer, "按清单绑定专业网格员（可试运行；有错则全部不入）")
    def take_in(self, request: Request) -> Response:
        return _take(request, BindingListSerializer, actions.import_bindings, _binding, BindingsTakenSerializer)


def _binding(**values: Any) -> actions.BindingLine:
    return actions.BindingLine(**{**values, "matters": tuple(values["matters"])})
