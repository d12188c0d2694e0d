from django.urls import path

from bench import bare, floor
from gridgov.urls import urlpatterns as house

urlpatterns = [
    path("floor/list/", floor.lines),
    path("floor/detail/<int:pk>/", floor.detail),
    path("floor/report/", floor.report),
    path("floor/change/", floor.change),
    path("floor/search/", floor.search),
    path("floor/figures/", floor.figures),
    path("floor/map/page/", floor.map_page),
    path("floor/map/borders/", floor.map_borders),
    path("floor/map/figures/", floor.map_figures),
    path("floor/map/points/", floor.map_points),
    *bare.urls(),
    *house,
]
