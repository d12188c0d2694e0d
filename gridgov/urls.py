"""Every address of the house."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from cases import urls as cases_urls
from gridgov import front
from gridgov.live import live
from gridgov.phone.worker import service_worker
from gridgov.setup.api.days import CalendarDayViewSet
from gridgov.setup.api.doctor import DoctorView
from gridgov.setup.metrics import metrics
from grids import urls as grids_urls
from integrations import urls as integrations_urls
from mediation import urls as mediation_urls
from privacy import urls as privacy_urls
from volunteers import urls as volunteers_urls

days = SimpleRouter()
days.register("calendar-days", CalendarDayViewSet)

api: list[URLPattern | URLResolver] = [
    path("", include("accounts.urls")),
    path("", include("grids.urls")),
    path("", include("resources.urls")),
    path("", include("cases.urls")),
    path("", include("fieldwork.urls")),
    path("", include("volunteers.urls")),
    path("", include("mediation.urls")),
    path("", include("integrations.urls")),
    *days.urls,
    path("doctor/", DoctorView.as_view(), name="doctor"),
    path("schema/", SpectacularAPIView.as_view(permission_classes=()), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(permission_classes=()), name="docs"),
]

handler500 = front.went_wrong

urlpatterns = [
    path("", front.home, name="home"),
    path("healthz", front.healthz, name="healthz"),
    path("readyz", front.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include(api)),
    path("sw.js", service_worker, name="service-worker"),
    path("m/", include("gridgov.phone.urls")),
    path("m/", include("gridgov.signing.urls")),
    path("sso/", include("gridgov.sso.urls")),
    path("admin/live/", admin.site.admin_view(live), name="workbench-live"),
    *privacy_urls.public,
    path("r/", include("door.urls")),
    path("v/", include(volunteers_urls.public)),
    path("t/", include(mediation_urls.public)),
    path("open311/", include(integrations_urls.open311)),
    *grids_urls.public,
    *cases_urls.public,
    *integrations_urls.public,
    path("admin/", admin.site.urls),
]
