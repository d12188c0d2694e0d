"""Addresses of volunteers: `router` and `urlpatterns` under /api/v1/, `phone` under /m/, `public` under /v/."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from volunteers.api.figures import VolunteerFiguresView
from volunteers.api.honours import CertificateViewSet, FeedbackViewSet, PanelViewSet
from volunteers.api.ledger import AppealViewSet, HoursViewSet, PointsRuleViewSet, PointsViewSet
from volunteers.api.people import SquadViewSet, VolunteerViewSet
from volunteers.api.stations import GoodViewSet, RedemptionViewSet, StationViewSet
from volunteers.api.work import GovernancePostViewSet, NeedViewSet, ProjectViewSet, ShiftViewSet, SignUpViewSet
from volunteers.views import feedback, honours, joining, projects
from volunteers.views.phone import exchange, here, home, ledger, posts, profile, shifts
from volunteers.views.phone import honours as own_honours

router = SimpleRouter()
router.register("activity-feedback", FeedbackViewSet)
router.register("certificates", CertificateViewSet)
router.register("goods", GoodViewSet)
router.register("hours", HoursViewSet)
router.register("hours-appeals", AppealViewSet)
router.register("panels", PanelViewSet)
router.register("points", PointsViewSet)
router.register("points-rules", PointsRuleViewSet)
router.register("redemptions", RedemptionViewSet)
router.register("stations", StationViewSet)
router.register("governance-posts", GovernancePostViewSet)
router.register("needs", NeedViewSet)
router.register("projects", ProjectViewSet)
router.register("shifts", ShiftViewSet)
router.register("sign-ups", SignUpViewSet)
router.register("squads", SquadViewSet)
router.register("volunteers", VolunteerViewSet)
urlpatterns: list[URLPattern | URLResolver] = [
    path("figures/volunteers/", VolunteerFiguresView.as_view(), name="volunteer-figures"),
    *router.urls,
]
phone: list[URLPattern] = [
    path("volunteer/hours/", ledger.show_hours, name="m-volunteer-hours"),
    path("volunteer/hours/<int:pk>/", ledger.show_hours_of, name="m-volunteer-hours-of"),
    path("volunteer/points/", ledger.show_points, name="m-volunteer-points"),
    path("volunteer/exchange/", exchange.show_goods, name="m-volunteer-exchange"),
    path("volunteer/exchange/<int:pk>/", exchange.show_good, name="m-volunteer-good"),
    path("volunteer/exchanged/<int:pk>/", exchange.show_exchanged, name="m-volunteer-exchanged"),
    path("volunteer/exchanged/<int:pk>/give-up/", exchange.give_up, name="m-volunteer-return"),
    path("station/", exchange.show_station, name="m-station"),
    path("volunteer/", home.show_home, name="m-volunteer"),
    path("volunteer/shifts/", shifts.show_open, name="m-volunteer-shifts"),
    path("volunteer/shifts/<int:pk>/", shifts.show_shift, name="m-volunteer-shift"),
    path("volunteer/shifts/<int:pk>/join/", shifts.join_shift, name="m-volunteer-join"),
    path("volunteer/shifts/<int:pk>/cancel/", shifts.cancel, name="m-volunteer-cancel"),
    path("volunteer/mine/", shifts.show_mine, name="m-volunteer-mine"),
    path("volunteer/mine.ics", shifts.fetch_calendar, name="m-volunteer-calendar"),
    path("volunteer/here/<uuid:key>/", here.be_here, name="m-volunteer-here"),
    path("volunteer/posts/", posts.show_posts, name="m-volunteer-posts"),
    path("volunteer/posts/<int:pk>/claim/", posts.claim, name="m-volunteer-claim"),
    path("volunteer/claims/<int:pk>/end/", posts.end_claim, name="m-volunteer-end-claim"),
    path("volunteer/found/", posts.report_problem, name="m-volunteer-find"),
    path("volunteer/honours/", own_honours.show_honours, name="m-volunteer-honours"),
    path("volunteer/profile/", profile.show_profile, name="m-volunteer-profile"),
    path("volunteer/profile/<slug:verb>/", profile.do_with_profile, name="m-volunteer-do"),
    path("volunteer/papers/<int:pk>.pdf", own_honours.fetch_paper, name="m-volunteer-paper"),
]
public: list[URLPattern] = [
    path("", projects.show_projects, name="v-projects"),
    path("p/<int:pk>/", projects.show_project, name="v-project"),
    path("c/", honours.ask_code, name="v-check"),
    path("c/<str:code>/", honours.show_certificate, name="v-certificate"),
    path("f/<uuid:key>/", feedback.show_feedback, name="v-feedback"),
    path("honours/", honours.show_honours, name="v-honours"),
    path("honours/<str:no>/", honours.object_to_honour, name="v-object"),
    path("join/", joining.join, name="v-join"),
]
