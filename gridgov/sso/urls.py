"""Addresses under /sso/: there, back, and once the form that says whose account it is."""

from django.urls import path

from gridgov.sso import views

urlpatterns = [
    path("bind/", views.bind, name="sso-bind"),
    path("mine/", views.show_mine, name="sso-mine"),
    path("mine/<int:pk>/undo/", views.unbind, name="sso-unbind"),
    path("<slug:way>/", views.start, name="sso-start"),
    path("<slug:way>/back/", views.come_back, name="sso-back"),
]
