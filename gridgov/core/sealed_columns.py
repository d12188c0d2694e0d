"""A sealed column (gridgov.core.sealed) in a query: selected and found by, and made into nothing else."""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.expressions import Col


class SealedColumn:
    """The name of a sealed column in a query. It is no str: whatever would make something of the column (JSONObject, ArrayAgg,
    Upper, F in an update) would take the ciphertext for a text, and breaks instead (TypeError, or FieldError)."""

    def __init__(self, sql: str, place: str) -> None:
        self.sql, self.place = sql, place

    def __str__(self) -> str:
        raise FieldError(f"{self.place} is sealed: nothing can be made of it in SQL (AsItStands)")


def bare(sql: Any) -> Any:
    """SQL of a sealed column or of anything else, as the database reads it."""
    return sql.sql if isinstance(sql, SealedColumn) else sql


class SealedCol(Col):
    """A sealed column as it is asked for. Without an alias it is one of an index, in which it is nobody's text."""

    target: Any

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = super().as_sql(compiler, connection)
        return (SealedColumn(sql, self.target.place) if self.alias else sql), params


class AsItStands(models.Func):
    """What stands in a sealed column, for an expression of the database: sealed. Whoever reads it opens it (`opened`)."""

    arity = 1
    output_field = models.TextField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        sql, params = compiler.compile(self.get_source_expressions()[0])
        return bare(sql), params
