"""Addresses of this room: `phone` under /m/, `public` under /r/."""

from django.urls import URLPattern, path

from door.views.pages import paced
from privacy.views import phone as own
from privacy.views import public as door

phone: list[URLPattern] = [
    path("me/looks/", own.show_looks, name="m-looks"),
    path("me/request/", own.ask_about_me, name="m-ask-about-me"),
]
public: list[URLPattern] = [
    path("r/follow/data/", paced(door.own), name="privacy-own"),
    path("r/request/", paced(door.ask), name="privacy-ask"),
    path("r/request/follow/", paced(door.follow), name="privacy-follow"),
    path("r/request/mine/", paced(door.mine), name="privacy-mine"),
    path("r/request/mine/<slug:verb>/", paced(door.do_with_request), name="privacy-do"),
]
urlpatterns: list[URLPattern] = []
