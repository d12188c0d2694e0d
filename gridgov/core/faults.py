"""What a report of a fault may tell, to whomever it goes (Django's ExceptionReporter): where it happened, and nothing that
anybody entered. Passwords, codes, keys and people's names stand in variables all over the house."""

import re
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class HouseFilter(SafeExceptionReporterFilter):
    """Of the request no body, of the frames no variables, of the settings no address that may hold a password. The debug pages
    (GRIDGOV_DEBUG, never in production) show what Django shows."""

    hidden_settings = re.compile(SafeExceptionReporterFilter.hidden_settings.pattern + "|URL", re.IGNORECASE)

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        if request is None or not self.is_active(request):
            return super().get_post_parameters(request)
        return dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> Any:
        return [] if self.is_active(request) else super().get_traceback_frame_variables(request, tb_frame)
