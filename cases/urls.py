"""Addresses under /api/v1/, `phone`, those under /m/, and `public`, those for everybody."""

from django.urls import URLPattern, path
from rest_framework.routers import SimpleRouter

from cases.api.asking import ApplicationViewSet, ApprovalRuleViewSet
from cases.api.bulk import BulkViewSet
from cases.api.figures import FiguresView, FrozenFiguresViewSet
from cases.api.files import LinkedFileView
from cases.api.helping import TeamViewSet
from cases.api.monthly import MonthlyReportView
from cases.api.parked import PauseViewSet
from cases.api.photos import PhotoViewSet
from cases.api.phrases import PhraseViewSet
from cases.api.publishing import PublicationViewSet
from cases.api.supervising import SupervisionViewSet
from cases.api.views import CaseViewSet, CategoryViewSet, PolicyViewSet
from cases.api.voices import VoiceViewSet
from cases.views import show_photo, show_result, show_results
from cases.views.phone.asked import do_application
from cases.views.phone.carried import fetch_carried, show_carried
from cases.views.phone.case import show_case
from cases.views.phone.listed import show_cases
from cases.views.phone.moves import do_verb
from cases.views.phone.report import ground, report, suggestion

router = SimpleRouter()
router.register("applications", ApplicationViewSet)
router.register("approval-rules", ApprovalRuleViewSet)
router.register("bulk-runs", BulkViewSet)
router.register("cases", CaseViewSet)
router.register("categories", CategoryViewSet)
router.register("pauses", PauseViewSet)
router.register("phrases", PhraseViewSet)
router.register("policies", PolicyViewSet)
router.register("publications", PublicationViewSet)
router.register("teams", TeamViewSet)
router.register("supervisions", SupervisionViewSet)
router.register("figures/snapshots", FrozenFiguresViewSet)

urlpatterns = [
    path("figures/", FiguresView.as_view(), name="figures"),
    path("figures/report/", MonthlyReportView.as_view(), name="figures-report"),
    *router.urls,
    path("photos/<int:pk>/", PhotoViewSet.as_view({"get": "retrieve"}), name="photo"),
    path("photos/<int:pk>/thumb/", PhotoViewSet.as_view({"get": "thumb"}), name="photo-thumb"),
    path("photos/<int:pk>/blur/", PhotoViewSet.as_view({"post": "blur"}), name="photo-blur"),
    path("photos/<int:pk>/unblur/", PhotoViewSet.as_view({"post": "unblur"}), name="photo-unblur"),
    path("files/<str:token>/", LinkedFileView.as_view(), name="linked-file"),
    path("voices/<int:pk>/", VoiceViewSet.as_view({"get": "retrieve"}), name="voice"),
    path("photos/<int:pk>/original/", PhotoViewSet.as_view({"post": "original"}), name="photo-original"),
]

phone: list[URLPattern] = [
    path("cases/<int:pk>/", show_case, name="m-case"),
    path("cases/<int:pk>/do/<slug:name>/", do_verb, name="m-case-do"),
    path("cases/", show_cases, name="m-cases"),
    path("carried/", show_carried, name="m-carried"),
    path("carried/orders/", fetch_carried, name="m-carried-orders"),
    path("applications/<int:pk>/<slug:name>/", do_application, name="m-application-do"),
    path("report/", report, name="m-report"),
    path("report/suggest/", suggestion, name="m-report-suggest"),
    path("report/ground/", ground, name="m-report-ground"),
]

public = [
    path("results/", show_results, name="results"),
    path("results/<str:no>/", show_result, name="result"),
    path("results/<str:no>/photos/<int:pk>/", show_photo, name="result-photo"),
]
