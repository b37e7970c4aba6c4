"""Spark: `huoyan.spark.scan_column(frame, "text")`.

The ruleset travels to the executors once, as a broadcast; Arrow batches are
scanned by native code in the Python workers, with neither a Python object for
a row nor a shuffle. Every executor needs this package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from huoyan import _schema
from huoyan._native import Ruleset

try:
    import pyarrow as pa
    from pyspark.sql import types as T
except ImportError as error:
    raise _schema.missing("pyspark and pyarrow", "spark") from error

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["scan_column", "schema"]


def _struct(**members: T.DataType) -> T.StructType:
    return T.StructType([T.StructField(name, kind) for name, kind in members.items()])


_TEXT, _INT, _FLOAT = T.StringType(), T.IntegerType(), T.FloatType()
_EVIDENCE = _struct(
    concept=_TEXT,
    start=_INT,
    end=_INT,
    text=_TEXT,
    means=_TEXT,
    disguises=T.ArrayType(_TEXT),
)
_TYPES: dict[str, T.DataType] = {
    "flagged": T.BooleanType(),
    "score": _FLOAT,
    "category": _TEXT,
    "findings": T.ArrayType(
        _struct(
            category=_TEXT,
            score=_FLOAT,
            start=_INT,
            end=_INT,
            text=_TEXT,
            rules=T.ArrayType(_TEXT),
            evidence=T.ArrayType(_EVIDENCE),
        )
    ),
    "truncated": T.BooleanType(),
    "platforms": T.ArrayType(_TEXT),
    "contacts": T.ArrayType(
        _struct(platform=_TEXT, value=_TEXT, start=_INT, end=_INT, text=_TEXT)
    ),
    "attributes": T.ArrayType(_struct(name=_TEXT, value=_TEXT)),
    "masked": _TEXT,
    "folded": _TEXT,
}


def schema(fields: Sequence[str] | None = None) -> T.StructType:
    """The type of the column that `scan_column` adds, with these fields."""
    return _struct(**{name: _TYPES[name] for name in _schema.chosen(fields)})


def scan_column(
    frame: DataFrame,
    column: str,
    ruleset: Ruleset | None = None,
    *,
    output: str = "huoyan",
    fields: Sequence[str] | None = None,
) -> DataFrame:
    """The frame with a column of verdicts on a column of texts.

    `output` is the new column's name. A verdict is null where the text is.
    """
    if column not in frame.columns:
        raise ValueError(
            f"no column {column!r}; the frame has {', '.join(frame.columns)}"
        )
    # Spark takes names in either case as one, unless it is told otherwise.
    taken = [name for name in frame.columns if name.lower() == output.lower()]
    if taken:
        raise ValueError(
            f"the frame has a column {taken[0]!r} already; name another output"
        )
    kind = frame.schema[column].dataType
    if not isinstance(kind, (T.StringType, T.VarcharType, T.CharType)):
        raise TypeError(f"column {column!r} is {kind.simpleString()}, not string")
    chosen = _schema.chosen(fields)
    used = _schema.ruleset_or_builtin(ruleset)
    result = T.StructType([*frame.schema.fields, T.StructField(output, schema(chosen))])
    scan = _scanner(_shared(frame, used), column, output, chosen)
    return frame.mapInArrow(scan, result)


def _shared(frame: DataFrame, ruleset: Ruleset) -> Callable[[], Ruleset]:
    """How executors get the ruleset: by broadcast, or with the function itself
    where there is no Spark context, as in Spark Connect."""
    try:
        context: Any = frame.sparkSession.sparkContext
    except Exception:  # The class depends on Spark's version.
        return lambda: ruleset
    broadcast: Any = context.broadcast(ruleset)

    def value() -> Ruleset:
        received: Ruleset = broadcast.value
        return received

    return value


def _scanner(
    shared: Callable[[], Ruleset], column: str, output: str, fields: Sequence[str]
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    names: Any = fields

    def scan(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        ruleset = shared()
        for batch in batches:
            texts = batch.column(batch.schema.get_field_index(column))
            verdicts = pa.array(ruleset.scan_arrow(texts, fields=names))
            columns = [*batch.columns, _for_spark(verdicts)]
            yield pa.RecordBatch.from_arrays(columns, [*batch.schema.names, output])

    return scan


def _for_spark(verdicts: pa.Array) -> pa.Array:
    """Long strings as short ones: Spark's string is one type."""
    kind = verdicts.type
    plain = [
        pa.field(f.name, pa.string() if pa.types.is_large_string(f.type) else f.type)
        for f in kind
    ]
    return verdicts.cast(pa.struct(plain))
