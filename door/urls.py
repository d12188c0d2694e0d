"""Addresses under /r/, which need no account."""

from django.urls import path

from door import views

urlpatterns = [
    path("", views.home, name="door-home"),
    path("report/", views.report, name="door-report"),
    path("locate/", views.locate_grid, name="door-locate"),
    path("near/", views.near, name="door-near"),
    path("me-too/", views.join, name="door-join"),
    path("follow/", views.follow, name="door-follow"),
    path("follow/mine/", views.mine, name="door-mine"),
    path("follow/mine/<slug:verb>/", views.do_with_slip, name="door-do"),
    path("follow/leave/", views.leave, name="door-leave"),
    path("privacy/", views.privacy, name="door-privacy"),
]
