"""The floor of the API's reads: a bare Django REST framework view of the same table, by the same token, with the columns of its
own that the real answer shows too. No scope, no relations, no rule; a page of fifty by its key, or one row."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from rest_framework.authentication import TokenAuthentication
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import BaseSerializer, ModelSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.urls import router as accounts
from cases.urls import router as cases
from fieldwork.urls import router as fieldwork
from grids.urls import router as grids
from integrations.urls import router as integrations
from mediation.urls import router as mediation
from resources.urls import router as resources
from volunteers.urls import router as volunteers

VIEWS: dict[str, Any] = {
    prefix: view
    for router in (accounts, cases, fieldwork, grids, integrations, mediation, resources, volunteers)
    for prefix, view, _name in router.registry
}


class _Page(CursorPagination):
    page_size, ordering = 50, "-pk"


def _columns(view: Any, shape: type[BaseSerializer]) -> list[str]:
    """The columns of the view's table among what SHAPE shows."""
    own = {field.name for field in view.queryset.model._meta.concrete_fields}
    shown = [name for name in getattr(shape(), "fields", {}) if name in own]
    return shown or ["pk"]


def _bare(view: Any) -> type[ReadOnlyModelViewSet]:
    rows = view.queryset.model._base_manager.order_by("-pk")
    shapes = {
        action: _shape(view.queryset.model, _columns(view, shape))
        for action, shape in (
            ("list", view.list_serializer_class or view.serializer_class),
            ("retrieve", view.serializer_class),
        )
    }

    class Bare(ReadOnlyModelViewSet):
        authentication_classes = (TokenAuthentication,)
        permission_classes = (IsAuthenticated,)
        pagination_class = _Page
        filter_backends = ()

        def get_queryset(self) -> Any:
            return rows.only(*shapes[self.action].Meta.fields)  # type: ignore[attr-defined]

        def get_serializer_class(self) -> Any:
            return shapes[self.action]

    return Bare


def _shape(of: Any, names: list[str]) -> type[ModelSerializer]:
    class Meta:
        model, fields = of, names

    return type("Shape", (ModelSerializer,), {"Meta": Meta})


def urls() -> list[URLPattern | URLResolver]:
    router = SimpleRouter()
    for prefix, view in VIEWS.items():
        router.register(prefix, _bare(view), basename=f"bare-{prefix}")
    return [path("bare/", include(router.urls))]
