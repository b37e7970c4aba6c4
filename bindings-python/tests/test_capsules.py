"""The Arrow C interface at its edges: who frees what, and streams that fail."""

from __future__ import annotations

import ctypes
import gc
import resource
from typing import Any

import pyarrow as pa
import pytest
from huoyan import Ruleset

POST = "大量V信号出售，带支付"


class CStream(ctypes.Structure):
    """`ArrowArrayStream` of the Arrow C stream interface."""


_POINTER = ctypes.POINTER(CStream)
_GET = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_void_p)
_ERROR = ctypes.CFUNCTYPE(ctypes.c_void_p, _POINTER)
_RELEASE = ctypes.CFUNCTYPE(None, _POINTER)
CStream._fields_ = [
    ("get_schema", _GET),
    ("get_next", _GET),
    ("get_last_error", _ERROR),
    ("release", _RELEASE),
    ("private_data", ctypes.c_void_p),
]


class Producer:
    """A stream of texts that fails after so many arrays."""

    def __init__(
        self, arrays: int, message: bytes | None, schema_fails: bool = False
    ) -> None:
        self.left, self.schema_fails = arrays, schema_fails
        self.message = message and ctypes.create_string_buffer(message)
        self.released = 0
        # They must live as long as the stream.
        self.callbacks = (
            _GET(self.get_schema),
            _GET(self.get_next),
            _ERROR(self.get_last_error),
            _RELEASE(self.release),
        )
        self.stream = CStream(*self.callbacks, None)

    def get_schema(self, _stream: Any, out: int) -> int:
        if self.schema_fails:
            return 5
        pa.string()._export_to_c(out)
        return 0

    def get_next(self, _stream: Any, out: int) -> int:
        if self.left == 0:
            return 5
        self.left -= 1
        pa.array([POST, None])._export_to_c(out)
        return 0

    def get_last_error(self, _stream: Any) -> int | None:
        return ctypes.addressof(self.message) if self.message else None

    def release(self, stream: Any) -> None:
        self.released += 1
        ctypes.memset(
            ctypes.addressof(stream.contents) + CStream.release.offset,
            0,
            CStream.release.size,
        )

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = (
            ctypes.py_object,
            [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p],
        )
        return new(ctypes.addressof(self.stream), b"arrow_array_stream", None)


@pytest.mark.parametrize("arrays", [0, 3])
def test_a_stream_that_breaks_off(ruleset: Ruleset, arrays: int) -> None:
    producer = Producer(arrays, b"the disk is gone")
    with pytest.raises(ValueError, match=r"broke off: .*the disk is gone"):
        ruleset.scan_arrow(producer)
    assert producer.released == 1 and producer.left == 0
    with pytest.raises(ValueError, match="taken over already"):
        ruleset.scan_arrow(producer)


def test_a_stream_that_does_not_say_why(ruleset: Ruleset) -> None:
    with pytest.raises(ValueError, match="does not say why"):
        ruleset.scan_arrow(Producer(1, None))
    producer = Producer(1, b"no schema", schema_fails=True)
    with pytest.raises(ValueError, match="no schema"):
        ruleset.scan_arrow(producer)
    assert producer.released == 1


def test_a_stream_is_released_if_it_is_refused(ruleset: Ruleset) -> None:
    for data in (pa.chunked_array([[1]]), pa.table({"text": [POST]})):
        before = pa.total_allocated_bytes()
        with pytest.raises(TypeError):
            ruleset.scan_arrow(data)
        assert pa.total_allocated_bytes() == before


def test_texts_are_given_back(ruleset: Ruleset) -> None:
    gc.collect()
    before = pa.total_allocated_bytes()
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        column = pa.chunked_array([pa.array([POST] * 5000, kind)] * 3)
        verdicts = ruleset.scan_arrow(column)
        assert pa.total_allocated_bytes() > before
        del column
        assert pa.total_allocated_bytes() == before
        del verdicts


def test_verdicts_outlive_what_they_came_from(ruleset: Ruleset) -> None:
    verdicts = ruleset.scan_arrow(pa.array([POST] * 5000))
    array, stream = pa.array(verdicts), pa.chunked_array(verdicts)
    del verdicts
    gc.collect()
    assert array.to_pylist() == stream.to_pylist()
    assert array[4999].as_py()["category"] == "account_trade"


def test_nothing_leaks(ruleset: Ruleset) -> None:
    """Exports that are taken, half taken or thrown away."""
    column = pa.array([POST] * 20_000)

    def rounds(count: int) -> None:
        for _ in range(count):
            verdicts = ruleset.scan_arrow(column)
            verdicts.__arrow_c_stream__()
            verdicts.__arrow_c_array__()
            verdicts.__arrow_c_schema__()
            pa.chunked_array(verdicts)
            next(iter(pa.RecordBatchReader.from_stream(verdicts)))

    rounds(3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rounds(12)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    size = pa.array(ruleset.scan_arrow(column)).nbytes
    assert grown * 1024 < 4 * size, "four of sixty exports, at most, are in memory"
