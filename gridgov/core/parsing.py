"""How bodies of API requests are read. By itself, for rest_framework asks for it before anything else of the house is there."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """A hundred thousand brackets are no JSON that anybody means, and no error 500 either."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError from None
