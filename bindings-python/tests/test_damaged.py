"""Columns that point out of themselves, as a damaged file brings them."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from huoyan import Ruleset

TEXTS = pa.py_buffer(b"aaaabbbbcccc" + b"x" * 500)


def offsets(kind: pa.DataType, *numbers: int, offset: int = 0) -> pa.Array:
    letter = "i" if kind in (pa.string(), pa.binary()) else "q"
    packed = struct.pack(f"<{len(numbers)}{letter}", *numbers)
    # Pyarrow looks at some offsets, when it makes an array.
    memory = bytearray(len(packed))
    rows = len(numbers) - 1 - offset
    buffers = [None, pa.py_buffer(memory), TEXTS]
    column = pa.Array.from_buffers(kind, rows, buffers, offset=offset)
    memory[:] = packed
    return column


def views(*rows: tuple[int, int, int], kind: Any = None) -> pa.Array:
    """Each row is the length of a text, its buffer and where it is in that."""
    packed = b"".join(
        struct.pack("<i4sii", length, b"aaaa", index, at) for length, index, at in rows
    )
    buffers = [None, pa.py_buffer(packed), TEXTS.slice(0, 200)]
    return pa.Array.from_buffers(kind or pa.string_view(), len(rows), buffers)


def refused(ruleset: Ruleset, column: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"the Arrow data is damaged at {message}"):
        ruleset.scan_arrow(column, fields=["folded"])


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()], ids=str
)
class TestOffsets:
    def test_past_the_end(self, ruleset: Ruleset, kind: pa.DataType) -> None:
        refused(ruleset, offsets(kind, 0, 4, 300, 12), "row 1: its offsets are 4 and 300")

    def test_backwards(self, ruleset: Ruleset, kind: pa.DataType) -> None:
        refused(ruleset, offsets(kind, 0, 8, 4, 12), "row 1: its offsets are 8 and 4")
        refused(ruleset, offsets(kind, 4, 4, 0), "row 0: its offsets are 4 and 4")

    def test_negative(self, ruleset: Ruleset, kind: pa.DataType) -> None:
        refused(ruleset, offsets(kind, -4, 4, 8), "row 0: its offsets are -4 and 4")
        refused(ruleset, offsets(kind, 0, -4), "row 0: its offsets are 0 and -4")

    def test_only_rows_of_the_column_count(
        self, ruleset: Ruleset, kind: pa.DataType
    ) -> None:
        column = offsets(kind, -7, 0, 4, 8, offset=1)
        folded = pa.array(ruleset.scan_arrow(column, fields=["folded"]))
        assert folded.field(0).to_pylist() == ["aaaa", "bbbb"]
        refused(ruleset, offsets(kind, 0, 0, 90, 8, offset=1), "row 0: ")
        assert len(ruleset.scan_arrow(offsets(kind, 7))) == 0

    def test_rows_are_counted_through_chunks(
        self, ruleset: Ruleset, kind: pa.DataType
    ) -> None:
        good, bad = offsets(kind, 0, 4, 8, 12), offsets(kind, 0, 4, 300, 12)
        refused(ruleset, pa.chunked_array([good, good, bad]), "row 7: ")


@pytest.mark.parametrize("kind", [pa.string_view(), pa.binary_view()], ids=str)
class TestViews:
    @pytest.mark.parametrize(
        ("row", "message"),
        [
            ((-5, 0, 0), "its length is -5"),
            ((20, 1, 0), "it lies in buffer 1, and there are 1"),
            ((20, -1, 0), "it lies in buffer -1, and there are 1"),
            ((20, 0, 190), r"it lies at 190\.\.210 of a buffer of 200 bytes"),
            ((20, 0, -1), r"it lies at -1\.\.19 of a buffer of 200 bytes"),
        ],
    )
    def test_outside(
        self, ruleset: Ruleset, kind: Any, row: tuple[int, int, int], message: str
    ) -> None:
        refused(ruleset, views((13, 0, 187), row, kind=kind), f"row 1: {message}")

    def test_short_and_null_rows_have_no_buffer(
        self, ruleset: Ruleset, kind: Any
    ) -> None:
        assert len(ruleset.scan_arrow(views((12, 7, -7), kind=kind))) == 1
        packed = struct.pack("<i4sii", 99, b"aaaa", 7, 7)
        buffers = [pa.py_buffer(b"\0"), pa.py_buffer(packed), TEXTS]
        column = pa.Array.from_buffers(kind, 1, buffers)
        assert pa.array(ruleset.scan_arrow(column)).to_pylist() == [None]


KEYS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


@pytest.mark.parametrize("name", KEYS)
class TestDictionaries:
    def column(
        self, name: str, indices: list[int], values: Any, nulls: Any = None
    ) -> Any:
        kind = pa.dictionary(getattr(pa, name)(), values.type)
        packed = pa.py_buffer(np.array(indices, name).tobytes())
        return pa.DictionaryArray.from_buffers(
            kind, len(indices), [nulls, packed], values
        )

    def test_indices(self, ruleset: Ruleset, name: str) -> None:
        values = pa.array(["a", "b"])
        bad = self.column(name, [0, 1, 2], values)
        refused(ruleset, bad, "row 2: its index is 2, in a dictionary of 2 values")
        if name.startswith("i"):
            refused(ruleset, self.column(name, [-7], values), "row 0: its index is -7")
        empty = self.column(name, [0], values[:0])
        refused(ruleset, empty, "row 0: its index is 0, in a dictionary of 0 values")

    def test_null_rows_need_no_value(self, ruleset: Ruleset, name: str) -> None:
        column = self.column(name, [0, 99], pa.array(["a", "b"]), pa.py_buffer(b"\1"))
        rows = pa.array(ruleset.scan_arrow(column)).to_pylist()
        assert rows[0] and rows[1] is None

    def test_values(self, ruleset: Ruleset, name: str) -> None:
        values = offsets(pa.string(), 0, 4, 300, 12)
        refused(ruleset, self.column(name, [0], values), "value 1 of the dictionary: its")


def test_threads_and_default_fields(ruleset: Ruleset) -> None:
    column = offsets(pa.string(), 0, 4, 300, 12)
    with pytest.raises(ValueError, match="damaged at row 1"):
        ruleset.scan_arrow(column, threads=2, progress=True)
