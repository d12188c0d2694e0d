from django.urls import path

from bench import floor
from gridgov.urls import urlpatterns as house

urlpatterns = [
    path("floor/list/", floor.lines),
    path("floor/detail/<int:pk>/", floor.detail),
    path("floor/report/", floor.report),
    path("floor/change/", floor.change),
    path("floor/search/", floor.search),
    path("floor/figures/", floor.figures),
    *house,
]
