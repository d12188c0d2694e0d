"""How the desk looks: its name, its colours, what is left out of the package's pages (django-unfold)."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "LOGIN": {"form": "accounts.forms.DeskSignInForm"},
    "SITE_TITLE": _("Grid governance"),
    "SITE_HEADER": _("Grid governance"),
    "SITE_SYMBOL": "grid_view",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("gridgov/favicon.svg")}],
    # The site is the admin: "view site" would lead in a circle.
    "SITE_URL": None,
    "SHOW_LANGUAGES": True,
    "SHOW_VIEW_ON_SITE": False,
    # Django's own log of changes stays empty; the records are the history.
    "SHOW_HISTORY": False,
    "DASHBOARD_CALLBACK": "gridgov.workbench.dashboard",
    "SIDEBAR": {"navigation": "gridgov.desk.navigation"},
    "ACCOUNT": {
        "navigation": [
            {"title": _("Signing in and sessions"), "link": reverse_lazy("admin:signing")},
            {"title": _("Notices outside"), "link": reverse_lazy("m-own")},
        ]
    },
    "STYLES": [lambda request: static("gridgov/admin.css")],
    "SCRIPTS": [
        lambda request: static("gridgov/display.js"),
        lambda request: static("gridgov/sidebar.js"),
        lambda request: static("gridgov/kept.js"),
    ],
    "COLORS": {
        "primary": {
            "50": "239 250 246",
            "100": "214 241 230",
            "200": "174 226 207",
            "300": "124 205 177",
            "400": "75 177 147",
            "500": "38 150 120",
            "600": "22 121 97",
            "700": "17 97 79",
            "800": "16 77 64",
            "900": "14 64 54",
            "950": "6 37 31",
        }
    },
}
