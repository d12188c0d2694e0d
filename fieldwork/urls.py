"""Addresses under /api/v1/, and `phone`, those under /m/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from fieldwork.api.figures import FieldFiguresView
from fieldwork.api.views import DailyReportViewSet, NeedlessWorkViewSet, PatrolViewSet, VisitViewSet
from fieldwork.views import phone as pages
from gridgov.core.access import untold

router = SimpleRouter()
router.register("daily-reports", DailyReportViewSet)
router.register("needless-work", NeedlessWorkViewSet)
router.register("patrols", PatrolViewSet)
router.register("visits", VisitViewSet)

urlpatterns = [path("figures/field/", FieldFiguresView.as_view(), name="field-figures"), *router.urls]

phone = [
    path("field/", pages.show_day, name="m-field"),
    path("field/patrol/", pages.show_patrol, name="m-patrol"),
    path("field/patrol/start/", pages.start_patrol, name="m-patrol-start"),
    path("field/walk/", pages.show_walk, name="m-walk"),
    path("field/walk/<uuid:key>/", pages.log_walk, name="m-walk-log"),
    path("field/patrol/<int:pk>/", pages.show_walked, name="m-walked"),
    path("field/patrol/<int:pk>/stop/", pages.stop_patrol, name="m-patrol-stop"),
    path("field/patrol/<int:pk>/line/", pages.draw_patrol, name="m-patrol-line"),
    path("field/visit/", pages.show_visit, name="m-visit"),
    path("field/visit/<int:pk>/", pages.show_case, name="m-visited"),
    path("field/daily/", pages.show_daily, name="m-daily"),
    path("field/daily/counts/", pages.count_day, name="m-daily-counts"),
    path("field/needless/", pages.show_needless, name="m-needless"),
]

# Who calls work needless and wants no name gets none: not by a line of the log either.
untold("m-needless", "needlesswork-list", "needlesswork-detail")
