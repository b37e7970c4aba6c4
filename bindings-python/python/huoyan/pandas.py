"""Pandas: `frame["text"].huoyan.scan()`.

Importing this module registers the accessor `huoyan` on series.

>>> import pandas as pd, huoyan.pandas
>>> posts = pd.Series(["大量Ｖ信号出售", "今天天气不错", None])
>>> posts[posts.huoyan.is_flagged().fillna(False)].to_list()
['大量Ｖ信号出售']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from huoyan import _schema
from huoyan._native import Ruleset
from huoyan.errors import TextError

try:
    import pandas as pd
    import pyarrow as pa
except ImportError as error:
    raise _schema.missing("pandas and pyarrow", "pandas") from error

__all__ = ["HuoyanAccessor"]


_Errors = Literal["strict", "replace"]


def _texts(series: pd.Series[Any], errors: _Errors) -> pa.Array | pa.ChunkedArray:
    if errors not in ("strict", "replace"):
        raise ValueError(f"errors must be 'strict' or 'replace', not {errors!r}")
    try:
        try:
            texts = pa.array(series, from_pandas=True)
        except UnicodeEncodeError:
            texts = pa.array(list(_encodable(series, errors)), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise TypeError(
            f"the series {series.name!r} does not hold texts alone: {error}"
        ) from error
    # A series of nothing but missing values is one of numbers to pandas.
    if pa.types.is_floating(texts.type) and texts.null_count == len(texts):
        return pa.nulls(len(texts))
    return texts


def _encodable(series: pd.Series[Any], errors: _Errors) -> Iterator[Any]:
    """The values, with lone surrogates replaced or told."""
    for row, value in enumerate(series):
        try:
            if isinstance(value, str):
                value.encode()
        except UnicodeEncodeError as error:
            if errors == "strict":
                surrogate = ord(error.object[error.start])
                raise TextError(error.start, surrogate, row) from None
            yield re.sub("[\ud800-\udfff]", "\ufffd", value)
        else:
            yield value


@pd.api.extensions.register_series_accessor("huoyan")
class HuoyanAccessor:
    """`series.huoyan`."""

    def __init__(self, series: pd.Series[Any]) -> None:
        self._series = series

    def _scan(
        self,
        ruleset: Ruleset | None,
        fields: Sequence[str],
        threads: int,
        errors: _Errors,
    ) -> pa.Table:
        ruleset = _schema.ruleset_or_builtin(ruleset)
        chosen: Any = fields
        texts = _texts(self._series, errors)
        return ruleset.scan_arrow(texts, fields=chosen, threads=threads).to_table()

    def scan(
        self,
        ruleset: Ruleset | None = None,
        *,
        fields: Sequence[str] | None = None,
        threads: int = 1,
        errors: _Errors = "strict",
    ) -> pd.DataFrame:
        """A frame with a column for each field and the index of the series.

        Columns are backed by Arrow, so that texts without verdict are null. A lone
        surrogate raises `TextError`, or is read as U+FFFD with `errors="replace"`.
        """
        table = self._scan(ruleset, _schema.chosen(fields), threads, errors)
        frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
        frame.index = self._series.index
        return frame

    def _field(
        self, name: str, ruleset: Ruleset | None, threads: int, errors: _Errors
    ) -> pd.Series[Any]:
        table = self._scan(ruleset, (name,), threads, errors)
        column: pd.Series[Any] = table.to_pandas(types_mapper=pd.ArrowDtype)[name]
        column.index, column.name = self._series.index, self._series.name
        return column

    def is_flagged(
        self,
        ruleset: Ruleset | None = None,
        *,
        threads: int = 1,
        errors: _Errors = "strict",
    ) -> pd.Series[Any]:
        """Whether each text is flagged; null where the text is."""
        return self._field("flagged", ruleset, threads, errors)

    def mask(
        self,
        ruleset: Ruleset | None = None,
        *,
        threads: int = 1,
        errors: _Errors = "strict",
    ) -> pd.Series[Any]:
        """Each text with findings and contacts masked."""
        return self._field("masked", ruleset, threads, errors)
