"""Data of people in the database: plain text in Python, sealed in the column (docs/personal-data.md, ADR 0014).

What stands in a column is

    ~KEY-ID . WHOLE TAIL . NONCE+CIPHERTEXT

bound to its table and column, and to what stands before the last dot. WHOLE (16 letters) is the same for the same text, so that
somebody is found by the whole phone number or the whole name; TAIL (2 letters) puts numbers with the same four last digits
into one of 4,096 drawers. Both are made with keys of their own, one for each column and kind, and tell nothing without them;
a field that nobody is found by has neither. '' stays '', and what was in clear before the column was sealed is read as it
stands: `manage.py reseal` (gridgov.core.sealing) seals it while the house serves.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Self

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, FieldError
from django.db import DataError, models
from django.db.models.functions import Left, Substr
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from gridgov.core import secrets
from gridgov.core.errors import Refusal
from gridgov.core.phones import plain_phone
from gridgov.core.sealed_columns import SealedCol, bare

MARK = "~"
# Of KEY-ID with its marks, of WHOLE, of TAIL; and how many digits have a drawer.
HEAD, WHOLE, TAIL, TAIL_DIGITS = 10, 16, 2, 4
_SHAPE = re.compile(r"~([0-9a-f]{8})\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_=-]+)")
# What a page shows where it asked for columns instead of rows.
CLOSED_WORDS = "[?]"


class Unopened(secrets.Unreadable, Refusal):
    """Asked for what this house has no key to, or what was moved or changed behind its back."""

    status = 503
    default_code = "sealed"

    def __init__(self) -> None:
        Refusal.__init__(
            self,
            _(
                "This is sealed with a key that is not set here, or was changed outside. Please tell whoever runs the system."
            ),
        )


class Closed(str):
    """A sealed text that can't be opened. Written back it stays what it was."""

    raw: str

    def __new__(cls, raw: str) -> "Closed":
        made = super().__new__(cls, CLOSED_WORDS)
        made.raw = raw
        return made


def digits_of(phone: str) -> str:
    """PHONE as it is looked for: digits alone, without China's code; what has none stays as it is."""
    return re.sub(r"[^0-9]", "", plain_phone(phone)) or plain_phone(phone)


def name_of(name: str) -> str:
    """NAME as it is looked for: without spaces, wide letters like others, small ones like great ones."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()


# What somebody is found by, and how it is written for that.
KINDS: dict[str, Callable[[str], str]] = {"phone": digits_of, "name": name_of}


def is_sealed(raw: str) -> bool:
    return raw.startswith(MARK) and _SHAPE.fullmatch(raw) is not None


def is_current(raw: str, name: str) -> bool:
    """Whether RAW, of a column, needs no sealing under the key NAME."""
    return not raw or (raw.startswith(f"{MARK}{name}.") and is_sealed(raw))


class _Opening(DeferredAttribute):
    """Reads like any attribute; raises Unopened only where what can't be opened is asked for, and not where a row is loaded."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        found = super().__get__(instance, cls)
        if isinstance(found, Closed):
            raise Unopened
        return found

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.Field):
    """`find`: by what kind of text somebody is found ("phone", "name", or "" for not at all), with `find_tail` also by the
    last four digits. `max_length` is of the text, checked wherever it is written."""

    descriptor_class = _Opening
    # Those that can work, and the classes of their lookups (below).
    sealed_lookups: dict[str, Any] = {}

    def __init__(self, *args: Any, find: str = "", find_tail: bool = False, **kwargs: Any) -> None:
        self.find, self.find_tail = find, find_tail
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs |= {key: True for key in ("find_tail",) if self.find_tail} | ({"find": self.find} if self.find else {})
        return name, path, args, kwargs

    def db_type(self, connection: Any) -> str:
        return "text"

    def cast_db_type(self, connection: Any) -> str:
        return "text"

    # --- out of the column

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value if value is None else self.opened(value)

    def opened(self, raw: str) -> str:
        """RAW of the column in clear; `Closed` where this house can't."""
        shape = _SHAPE.fullmatch(raw) if raw.startswith(MARK) else None
        if shape is None:
            return raw
        try:
            return secrets.unseal(f"{shape[1]}.{shape[3]}", of=f"{self.place}\x1f{shape[2]}")
        except secrets.Unreadable:
            return Closed(raw)

    # --- into the column

    def pre_save(self, instance: Any, add: bool) -> Any:
        # Past the attribute, which doesn't give out what can't be opened.
        held = instance.__dict__
        return held[self.attname] if self.attname in held else getattr(instance, self.attname)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value is None or hasattr(value, "as_sql"):
            return value
        return value.raw if isinstance(value, Closed) else self.closed(str(value))

    def closed(self, text: str, *, checked: bool = True) -> str:
        """TEXT as the column holds it. Raises DataError for one that is too long, where that is CHECKED."""
        if not text:
            return ""
        if checked and self.max_length is not None and len(text) > self.max_length:
            raise DataError(f"value too long for {self.place}: {len(text)} of {self.max_length}")
        index = next(iter(self.indexes_of(text)), "")
        name, _dot, body = secrets.seal(text, of=f"{self.place}\x1f{index}").partition(".")
        return f"{MARK}{name}.{index}.{body}"

    # --- found again

    @property
    def place(self) -> str:
        """The table and column that a text is bound to."""
        return f"{self.model._meta.db_table}.{self.column}"

    def indexes_of(self, text: str) -> list[str]:
        """WHOLE and TAIL of TEXT under each key, that of today first; [] where nobody is found by it."""
        if not self.find:
            return []
        plain = KINDS[self.find](text)
        whole = [one[:WHOLE] for one in secrets.digests(plain, of=f"{self.place}:{self.find}")]
        if not self.find_tail:
            return whole
        return [first + last for first, last in zip(whole, self.drawers_of(plain), strict=True)]

    def drawers_of(self, plain: str) -> list[str]:
        """In which drawer, under each key, the numbers lie that end like PLAIN."""
        return [one[:TAIL] for one in secrets.digests(plain[-TAIL_DIGITS:], of=f"{self.place}:tail")]

    # --- in a query

    def get_col(self, alias: Any, output_field: Any = None) -> Any:
        return SealedCol(alias, self, output_field)

    @cached_property
    def cached_col(self) -> Any:
        return SealedCol(self.model._meta.db_table, self)

    def select_format(self, compiler: Any, sql: Any, params: Any) -> Any:
        """Among what is selected it stands by itself, and is opened as it comes."""
        return bare(sql), params

    def get_lookup(self, lookup_name: str) -> Any:
        found = self.sealed_lookups.get(lookup_name)
        if found is None:
            raise FieldError(
                f"{self.model._meta.label}.{self.name} is sealed: it is found whole (exact, in) or by the drawer of its tail, "
                f"never by {lookup_name!r}"
            )
        return found

    def get_transform(self, lookup_name: str) -> Any:
        raise FieldError(f"{self.model._meta.label}.{self.name} is sealed: nothing can be made of it in SQL")


class SealedCharField(SealedField, models.CharField):
    """A line of text that is sealed in its column."""


class SealedTextField(SealedField, models.TextField):
    """A text that is sealed in its column."""


def opened(model: type[models.Model], name: str, raw: str) -> str:
    """In clear what an expression (JSONObject and the like) read RAW, `AsItStands`, from the field NAME of MODEL. Raises
    Unopened."""
    field: Any = model._meta.get_field(name)
    text: str = field.opened(raw)
    if isinstance(text, Closed):
        raise Unopened
    return text


class _SealedLookup(models.Lookup):
    """Compares what stands in the column, not what it says."""

    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if hasattr(rhs, "resolve_expression"):
            raise FieldError("What is sealed can't be compared in SQL")
        super().__init__(lhs, rhs)

    @property
    def field(self) -> SealedField:
        return self.lhs.output_field

    def columns(self, compiler: Any, connection: Any) -> str:
        sql, params = self.process_lhs(compiler, connection)
        if params:
            raise FieldError("What is sealed is found in its own column")
        return str(bare(sql))

    def get_prep_lookup(self) -> Any:
        return self.rhs


class SealedIn(_SealedLookup):
    """Those whose text, written for finding, is one of the given; in clear yet, those that are written alike. '' is ''."""

    lookup_name = "in"

    def texts(self) -> list[str]:
        return [str(one) for one in self.rhs if one is not None]

    def get_prep_lookup(self) -> Any:
        return self.rhs if isinstance(self.rhs, str) else list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, wanted = self.columns(compiler, connection), self.texts()
        named = [text for text in wanted if text]
        if named and not self.field.find:
            raise FieldError(f"{self.field.place} is sealed, and nobody is found by it")
        parts: list[str] = [f"{column} = ''"] if len(named) < len(wanted) else []
        params = list(dict.fromkeys(head for text in named for head in self._heads(text)))
        if params:
            places = ", ".join(["%s"] * len(params))
            parts.append(f"({column} <> '' AND LEFT({column}, {HEAD + WHOLE}) IN ({places}))")
        for text in (one for one in named if len(one) > HEAD + WHOLE):
            parts.append(f"{column} = %s")
            params.append(text)
        if not parts:
            raise EmptyResultSet
        return f"({' OR '.join(parts)})", params

    def _heads(self, text: str) -> list[str]:
        """How the column begins that says TEXT, under each key; and in clear."""
        field = self.field
        sealed = [
            f"{MARK}{name}.{index[:WHOLE]}"
            for name, index in zip(secrets.key_names(), field.indexes_of(text), strict=True)
        ]
        in_clear = (one for one in (text, KINDS[field.find](text)) if len(one) <= HEAD + WHOLE)
        return [*sealed, *in_clear]


class SealedExact(SealedIn):
    lookup_name = "exact"

    def texts(self) -> list[str]:
        return [str(self.rhs)]


class SealedIsNull(_SealedLookup):
    """Where a table that was joined has no row."""

    lookup_name = "isnull"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return f"{self.columns(compiler, connection)} IS {'' if self.rhs else 'NOT '}NULL", []


class SealedDrawer(_SealedLookup):
    """Those in the drawer of a tail of four digits or more, and those in clear that end with it: more than are wanted, for the
    reader to open and compare (SealedField.ending)."""

    lookup_name = "drawer"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, field = self.columns(compiler, connection), self.field
        if not field.find_tail:
            raise FieldError(f"{field.place} is sealed, and nobody is found by its tail")
        tail = str(self.rhs)
        drawers = list(dict.fromkeys(field.drawers_of(tail)))
        places = ", ".join(["%s"] * len(drawers))
        sealed = f"{_sealed(column)} AND SUBSTRING({column}, {HEAD + WHOLE + 1}, {TAIL}) IN ({places})"
        clear = f"{_clear(column)} AND regexp_replace({column}, '[^0-9]', '', 'g') LIKE %s"
        return f"(({sealed}) OR ({clear}))", [*drawers, f"%{tail}"]


class SealedClear(_SealedLookup):
    """Those that stand in clear yet, or (False) are sealed; neither where there is nothing."""

    lookup_name = "clear"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column = self.columns(compiler, connection)
        return (_clear(column) if self.rhs else _sealed(column)), []


def _sealed(column: str) -> str:
    return f"LEFT({column}, 1) = '{MARK}'"


def _clear(column: str) -> str:
    return f"({column} <> '' AND LEFT({column}, 1) <> '{MARK}')"


SealedField.sealed_lookups = {
    one.lookup_name: one for one in (SealedExact, SealedIn, SealedIsNull, SealedDrawer, SealedClear)
}


class OpenOrder(models.QuerySet):
    """Refuses to put rows in the order of what is sealed: it would be none."""

    def order_by(self, *names: Any) -> Self:
        for name in names:
            said = getattr(getattr(name, "expression", name), "name", name)
            if isinstance(said, str) and isinstance(found := _field_of(self.model, said.lstrip("-")), SealedField):
                raise FieldError(f"{found.place} is sealed: rows have no order by it")
        return super().order_by(*names)


def _field_of(model: type[models.Model], path: str) -> Any:
    """The field that PATH leads to from MODEL, or None."""
    field: Any = None
    for part in path.split("__"):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        if field.is_relation and field.related_model is not None:
            model = field.related_model
    return field


def whole_index(column: str, name: str) -> models.Index:
    """By which rows are found whose COLUMN says a whole text."""
    return models.Index(Left(column, HEAD + WHOLE), name=name, condition=~models.Q((column, "")))


def tail_index(column: str, name: str) -> models.Index:
    """By which rows are found that lie in a drawer."""
    return models.Index(
        Substr(column, HEAD + WHOLE + 1, TAIL), name=name, condition=models.Q((f"{column}__clear", False))
    )
