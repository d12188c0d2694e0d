"""Addresses under /api/v1/, and `phone`, those under /m/."""

from rest_framework.routers import SimpleRouter

from fieldwork.api.views import DailyReportViewSet, NeedlessWorkViewSet, PatrolViewSet, VisitViewSet

router = SimpleRouter()
router.register("daily-reports", DailyReportViewSet)
router.register("needless-work", NeedlessWorkViewSet)
router.register("patrols", PatrolViewSet)
router.register("visits", VisitViewSet)

urlpatterns = router.urls
