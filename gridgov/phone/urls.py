"""Addresses under /m/. Each room lists its own pages as `phone`."""

from django.urls import URLPattern, path

from cases.urls import phone as cases_pages
from fieldwork.urls import phone as fieldwork_pages
from gridgov.core.phone import phone_page
from gridgov.core.upload_view import UploadView
from gridgov.phone import entry, inbox, me, password, shell, signing, today, worker
from grids.urls import phone as grids_pages
from integrations.urls import phone as integrations_pages
from mediation.urls import phone as mediation_pages
from privacy.urls import phone as privacy_pages
from resources.urls import phone as resources_pages
from volunteers.urls import phone as volunteers_pages

urlpatterns: list[URLPattern] = [
    *cases_pages,
    *fieldwork_pages,
    *grids_pages,
    *integrations_pages,
    *resources_pages,
    *volunteers_pages,
    *mediation_pages,
    *privacy_pages,
    path("", today.show_today, name="m-home"),
    path("inbox/", inbox.show_inbox, name="m-inbox"),
    path("inbox/read/", inbox.read_all, name="m-inbox-read"),
    path("inbox/<int:pk>/", inbox.open_notice, name="m-notice"),
    path("me/", me.show_me, name="m-me"),
    path("me/password/", password.change_password, name="m-password"),
    path("look/", me.change_look, name="m-look"),
    path("entry/", entry.enter, name="m-entry"),
    path("login/", signing.sign_in, name="m-login"),
    path("logout/", signing.sign_out, name="m-logout"),
    path("outbox/", shell.show_outbox, name="m-outbox"),
    path("uploads/<uuid:pk>/", phone_page()(UploadView.as_view()), name="m-upload"),
    path("offline/", shell.show_offline, name="m-offline"),
    path("manifest.webmanifest", worker.manifest, name="m-manifest"),
]
