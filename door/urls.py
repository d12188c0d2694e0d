"""Addresses under /r/, which need no account."""

from django.urls import path

from door import views
from door.views.pages import paced

urlpatterns = [
    path("", paced(views.home), name="door-home"),
    path("report/", paced(views.report), name="door-report"),
    path("locate/", paced(views.locate_grid, "POST"), name="door-locate"),
    path("near/", paced(views.near), name="door-near"),
    path("me-too/", paced(views.join), name="door-join"),
    path("follow/", paced(views.follow), name="door-follow"),
    path("follow/mine/", paced(views.mine), name="door-mine"),
    path("follow/mine/<slug:verb>/", paced(views.do_with_slip), name="door-do"),
    path("follow/leave/", paced(views.leave), name="door-leave"),
    path("privacy/", paced(views.privacy), name="door-privacy"),
]
