"""Addresses of mediation: `router` and `urlpatterns` under /api/v1/, `phone` under /m/, `public` (a party's own link) under /t/."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from mediation.api.figures import MediationFiguresView
from mediation.api.files import MediationViewSet, SessionViewSet
from mediation.api.papers import DocumentView, PaperFileView, SignatureFileView, VolumeViewSet
from mediation.api.people import CommitteeViewSet, MediationExpertViewSet, MediationRoomViewSet, MediatorViewSet
from mediation.views import link, party
from mediation.views.phone import file, home, paper, session, signing
from mediation.views.phone import party as parties

router = SimpleRouter()
router.register("mediation-committees", CommitteeViewSet)
router.register("mediation-experts", MediationExpertViewSet)
router.register("mediation-rooms", MediationRoomViewSet)
router.register("mediation-sessions", SessionViewSet)
router.register("mediation-volumes", VolumeViewSet)
router.register("mediations", MediationViewSet)
router.register("mediators", MediatorViewSet)
urlpatterns: list[URLPattern | URLResolver] = [
    path("mediation-papers/<int:pk>/", PaperFileView.as_view(), name="mediation-paper"),
    path("mediation-signatures/<int:pk>/", SignatureFileView.as_view(), name="mediation-signature"),
    path("mediation-documents/<int:pk>/<slug:kind>/", DocumentView.as_view(), name="mediation-document"),
    path("figures/mediation/", MediationFiguresView.as_view(), name="mediation-figures"),
    *router.urls,
]
phone: list[URLPattern] = [
    path("mediation/", home.show_home, name="m-mediation"),
    path("mediation/files/", home.show_files, name="m-mediation-files"),
    path("mediation/notes/", session.show_notes, name="m-mediation-notes"),
    path("mediation/<int:pk>/", file.show_file, name="m-mediation-file"),
    path("mediation/parties/<int:pk>/link/", file.give_link, name="m-mediation-link"),
    path("mediation/parties/<int:pk>/unlink/", file.end_link, name="m-mediation-unlink"),
    path("mediation/<int:pk>/paper/", paper.add, name="m-mediation-paper"),
    path("mediation/<int:pk>/sign/", signing.sign_agreement, name="m-mediation-sign"),
    path("mediation/parties/<int:pk>/note/<slug:verb>/", parties.note, name="m-mediation-note"),
    path("mediation/sessions/<int:pk>/", session.show_session, name="m-mediation-session"),
    path("mediation/sessions/<int:pk>/record/", session.record, name="m-mediation-record"),
    path("mediation/sessions/<int:pk>/sign/", signing.sign_record, name="m-mediation-sign-record"),
]
public: list[URLPattern] = [
    path("<str:key>/", party.show_party, name="t-party"),
    path("<str:key>/open/", link.open_page, name="t-open"),
    path("<str:key>/leave/", link.leave, name="t-leave"),
    path("<str:key>/do/<slug:verb>/", party.do_for_party, name="t-do"),
]
