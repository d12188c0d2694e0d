"""What streets share, each with its reason: exemptions from the rules of the access matrix."""

from tests.house.exemptions import Exemption

_UNITS = Exemption("whom one can send an order to is no secret among those who work with cases")
_MATTERS = Exemption("the matter list is published")
_PEOPLE = Exemption(
    "a colleague is named by user name: nobody has a list, but whoever has a desk can learn that a name is taken"
)
_ANYWHERE = Exemption("reporting is for everybody who works with cases, wherever it is; codes of grids are public")
_WORDS = Exemption("the wording of notices is the house's, not a street's")
_OPEN = Exemption("what is shown to everybody")
_NOTED = Exemption("that it was tried is what is written down")
_LOOKED = Exemption("a look at a file is written down as soon as it is had, whatever follows")

# Of the walk: addresses.
SHARED: dict[str, Exemption] = {
    "GET /api/v1/units/{pk}/": _UNITS,
    "GET /api/v1/categories/{code}/": _MATTERS,
    "GET /api/v1/files/{token}/": Exemption("a signed address is what lets in, for minutes; tests/cases/test_links.py"),
    "POST /api/v1/entry-codes/": _NOTED,
    "POST /m/entry/": _NOTED,
    "GET /v/p/{pk}/": _OPEN,
    "PATCH /api/v1/categories/{code}/": _MATTERS,
    "GET /admin/cases/category/{object_id}/change/": _MATTERS,
    "POST /admin/cases/category/{object_id}/change/": _MATTERS,
    "GET /admin/cases/category/{object_id}/history/": _MATTERS,
    "POST /admin/cases/category/{object_id}/history/": _MATTERS,
    "GET /api/v1/units/": _UNITS,
    "POST /api/v1/units/{pk}/change/": _UNITS,
    "GET /admin/grids/unit/{object_id}/change/": _UNITS,
    "POST /admin/grids/unit/{object_id}/change/": _UNITS,
    "GET /admin/grids/unit/{object_id}/history/": _UNITS,
    "POST /admin/grids/unit/{object_id}/history/": _UNITS,
    "GET /admin/accounts/noticetext/{object_id}/history/": _WORDS,
    "POST /admin/accounts/noticetext/{object_id}/history/": _WORDS,
    "POST /admin/mediation/mediation/{pk}/do/change-party/": _LOOKED,
    "POST /admin/mediation/mediation/{pk}/do/withdraw_text/": _LOOKED,
    "POST /m/mediation/sessions/{pk}/sign/": _LOOKED,
}
# Of fields in a request to the API.
SENT: dict[str, Exemption] = {
    "POST /api/v1/bulk-runs/ unit": _UNITS,
    "POST /api/v1/cases/{pk}/reassign/ unit": _UNITS,
    "POST /api/v1/cases/ grid": _ANYWHERE,
    "POST /api/v1/cases/solve/ grid": _ANYWHERE,
    "POST /api/v1/posts/give/ user": _PEOPLE,
    "POST /api/v1/posts/{pk}/hand-over/ user": _PEOPLE,
    "POST /api/v1/party-orgs/{pk}/change/ secretary": _PEOPLE,
}
# Of its filters.
ASKED: dict[str, Exemption] = {"GET /api/v1/figures/ ?unit": _UNITS, "GET /api/v1/posts/ ?unit": _UNITS}
# Of forms of pages, and of fields that complete names.
TAKEN: dict[str, Exemption] = {
    "grids.unit in /admin/integrations/webhook/{pk}/do/change/ unit": _UNITS,
    "cases.category in /admin/cases/policy/add/ category": _MATTERS,
    "cases.category in /admin/cases/streetphrase/add/ category": _MATTERS,
}
COMPLETED: dict[str, Exemption] = {"grids.unit in grids.post.unit": _UNITS}
