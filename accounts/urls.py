"""Addresses under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from accounts.api.clients import ClientView
from accounts.api.views import AccountViewSet, DelegationViewSet, EntryCodeView, MeView, NoticeViewSet, TokenView

router = SimpleRouter()
router.register("notices", NoticeViewSet)
router.register("delegations", DelegationViewSet)
router.register("accounts", AccountViewSet)

urlpatterns = [
    *router.urls,
    path("token/", TokenView.as_view()),
    path("client/", ClientView.as_view()),
    path("me/", MeView.as_view()),
    path("entry-codes/", EntryCodeView.as_view(), name="entry-codes"),
]
