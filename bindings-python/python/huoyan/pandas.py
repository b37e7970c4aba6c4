"""Pandas: `frame["text"].huoyan.scan()`.

Importing this module registers the accessor `huoyan` on series.

>>> import pandas as pd, huoyan.pandas
>>> posts = pd.Series(["大量Ｖ信号出售", "今天天气不错", None])
>>> posts[posts.huoyan.is_flagged().fillna(False)].to_list()
['大量Ｖ信号出售']
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from huoyan import _schema
from huoyan._native import Ruleset

try:
    import pandas as pd
    import pyarrow as pa
except ImportError as error:
    raise _schema.missing("pandas and pyarrow", "pandas") from error

__all__ = ["HuoyanAccessor"]


def _texts(series: pd.Series[Any]) -> pa.Array | pa.ChunkedArray:
    try:
        texts = pa.array(series, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise TypeError(
            f"the series {series.name!r} does not hold texts alone: {error}"
        ) from error
    return texts


@pd.api.extensions.register_series_accessor("huoyan")
class HuoyanAccessor:
    """`series.huoyan`."""

    def __init__(self, series: pd.Series[Any]) -> None:
        self._series = series

    def _scan(
        self, ruleset: Ruleset | None, fields: Sequence[str], threads: int
    ) -> pa.Table:
        ruleset = _schema.ruleset_or_builtin(ruleset)
        chosen: Any = fields
        texts = _texts(self._series)
        verdicts = pa.chunked_array(
            ruleset.scan_arrow(texts, fields=chosen, threads=threads)
        )
        # Null rows have null fields.
        columns = verdicts.flatten()
        return pa.table(dict(zip(fields, columns, strict=True)))

    def scan(
        self,
        ruleset: Ruleset | None = None,
        *,
        fields: Sequence[str] | None = None,
        threads: int = 1,
    ) -> pd.DataFrame:
        """A frame with a column for each field and the index of the series.

        Columns are backed by Arrow, so that texts without verdict are null.
        """
        table = self._scan(ruleset, _schema.chosen(fields), threads)
        frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
        frame.index = self._series.index
        return frame

    def _field(self, name: str, ruleset: Ruleset | None, threads: int) -> pd.Series[Any]:
        table = self._scan(ruleset, (name,), threads)
        column: pd.Series[Any] = table.to_pandas(types_mapper=pd.ArrowDtype)[name]
        column.index, column.name = self._series.index, self._series.name
        return column

    def is_flagged(
        self, ruleset: Ruleset | None = None, *, threads: int = 1
    ) -> pd.Series[Any]:
        """Whether each text is flagged; null where the text is."""
        return self._field("flagged", ruleset, threads)

    def mask(self, ruleset: Ruleset | None = None, *, threads: int = 1) -> pd.Series[Any]:
        """Each text with findings and contacts masked."""
        return self._field("masked", ruleset, threads)
