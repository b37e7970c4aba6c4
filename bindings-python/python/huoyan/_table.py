"""Verdicts as a table of pyarrow."""

from __future__ import annotations

from typing import Any

from huoyan import _schema
from huoyan._native import VerdictArray


def table(verdicts: VerdictArray) -> Any:
    """A table with a column for each field."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise _schema.missing("pyarrow", "arrow", "VerdictArray.to_table") from error
    column = pa.chunked_array(verdicts)
    # `pyarrow.table` would lose which rows are null, and refuses.
    return pa.Table.from_arrays(column.flatten(), names=list(verdicts.fields))
