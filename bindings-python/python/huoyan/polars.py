"""Polars: `pl.col("text").huoyan.scan()`.

Importing this module registers the namespace `huoyan` on expressions and
series.

>>> import polars as pl, huoyan.polars
>>> frame = pl.DataFrame({"text": ["大量Ｖ信号出售", "今天天气不错", None]})
>>> frame.filter(pl.col("text").huoyan.is_flagged())["text"].to_list()
['大量Ｖ信号出售']
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huoyan import _schema
from huoyan._native import Ruleset

try:
    import polars as pl
except ImportError as error:
    raise _schema.missing("polars") from error

__all__ = ["HuoyanExpr", "HuoyanSeries", "dtype"]

_SPAN = {"start": pl.Int32, "end": pl.Int32, "text": pl.String}
_EVIDENCE = pl.Struct(
    {"concept": pl.String, **_SPAN, "means": pl.String, "disguises": pl.List(pl.String)}
)
_TYPES: dict[str, Any] = {
    "flagged": pl.Boolean,
    "score": pl.Float32,
    "category": pl.String,
    "findings": pl.List(
        pl.Struct(
            {
                "category": pl.String,
                "score": pl.Float32,
                **_SPAN,
                "rules": pl.List(pl.String),
                "evidence": pl.List(_EVIDENCE),
            }
        )
    ),
    "truncated": pl.Boolean,
    "platforms": pl.List(pl.String),
    "contacts": pl.List(pl.Struct({"platform": pl.String, "value": pl.String, **_SPAN})),
    "attributes": pl.List(pl.Struct({"name": pl.String, "value": pl.String})),
    "masked": pl.String,
    "folded": pl.String,
}


def dtype(fields: Sequence[str] | None = None) -> pl.Struct:
    """The type of what `scan` gives, with these fields."""
    return pl.Struct({name: _TYPES[name] for name in _schema.chosen(fields)})


def _field(series: pl.Series, ruleset: Ruleset, name: str, threads: int) -> pl.Series:
    verdicts = _scan(series, ruleset, (name,), threads)
    return verdicts.struct.field(name).alias(series.name)


def _scan(
    series: pl.Series, ruleset: Ruleset, fields: Sequence[str], threads: int
) -> pl.Series:
    chosen: Any = fields
    texts = series
    if isinstance(series.dtype, (pl.Categorical, pl.Enum)):
        # Older versions export no columns of categories.
        texts = series.cast(pl.String)
    verdicts = ruleset.scan_arrow(texts, fields=chosen, threads=threads)
    # A series takes the name of what it is made from.
    return pl.Series(verdicts, dtype=dtype(fields)).alias(series.name)


@pl.api.register_expr_namespace("huoyan")
class HuoyanExpr:
    """`pl.col(…).huoyan`."""

    def __init__(self, expr: pl.Expr) -> None:
        self._expr = expr

    def scan(
        self,
        ruleset: Ruleset | None = None,
        *,
        fields: Sequence[str] | None = None,
        threads: int = 1,
    ) -> pl.Expr:
        """A struct for each text; null where the text is."""
        chosen, used = _schema.chosen(fields), _schema.ruleset_or_builtin(ruleset)
        return self._expr.map_batches(
            lambda series: _scan(series, used, chosen, threads),
            return_dtype=dtype(chosen),
            is_elementwise=True,
        )

    def _field(self, name: str, ruleset: Ruleset | None, threads: int) -> pl.Expr:
        used = _schema.ruleset_or_builtin(ruleset)
        return self._expr.map_batches(
            lambda series: _field(series, used, name, threads),
            return_dtype=_TYPES[name],
            is_elementwise=True,
        )

    def is_flagged(self, ruleset: Ruleset | None = None, *, threads: int = 1) -> pl.Expr:
        """Whether each text is flagged."""
        return self._field("flagged", ruleset, threads)

    def mask(self, ruleset: Ruleset | None = None, *, threads: int = 1) -> pl.Expr:
        """Each text with findings and contacts masked."""
        return self._field("masked", ruleset, threads)

    def fold(self) -> pl.Expr:
        """Each text in its plain form."""
        return self._field("folded", None, 1)


@pl.api.register_series_namespace("huoyan")
class HuoyanSeries:
    """`series.huoyan`."""

    def __init__(self, series: pl.Series) -> None:
        self._series = series

    def scan(
        self,
        ruleset: Ruleset | None = None,
        *,
        fields: Sequence[str] | None = None,
        threads: int = 1,
    ) -> pl.Series:
        """A struct for each text; null where the text is."""
        used = _schema.ruleset_or_builtin(ruleset)
        return _scan(self._series, used, _schema.chosen(fields), threads)

    def is_flagged(
        self, ruleset: Ruleset | None = None, *, threads: int = 1
    ) -> pl.Series:
        """Whether each text is flagged."""
        used = _schema.ruleset_or_builtin(ruleset)
        return _field(self._series, used, "flagged", threads)

    def mask(self, ruleset: Ruleset | None = None, *, threads: int = 1) -> pl.Series:
        """Each text with findings and contacts masked."""
        used = _schema.ruleset_or_builtin(ruleset)
        return _field(self._series, used, "masked", threads)
