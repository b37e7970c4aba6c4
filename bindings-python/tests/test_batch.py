"""Lists and columns: threads, signals, progress, wrong input."""

from __future__ import annotations

import builtins
import math
import os
import sys
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from huoyan import Ruleset
from interrupts import seconds_to_interrupt
from rows import FIELDS

POST = "大量V信号出售，带支付，加薇 abc12345"


def test_nothing(ruleset: Ruleset) -> None:
    assert ruleset.scan_batch([]) == []
    assert ruleset.is_flagged_batch([], threads=4) == []
    empty = ruleset.scan_arrow(pa.array([], pa.string()))
    assert len(empty) == 0 and pa.array(empty).to_pylist() == []
    assert (
        pa.chunked_array(
            ruleset.scan_arrow(pa.chunked_array([], pa.string()))
        ).to_pylist()
        == []
    )
    nulls = pa.array(ruleset.scan_arrow(pa.nulls(3)))
    assert nulls.to_pylist() == [None] * 3


def test_iterables(ruleset: Ruleset) -> None:
    wanted = [True, False]
    for texts in (
        (POST, "x"),
        iter([POST, "x"]),
        {POST: 1, "x": 2}.keys(),
        pd.Series([POST, "x"]),
        pl.Series([POST, "x"]),
        (t for t in [POST, "x"]),
    ):
        assert ruleset.is_flagged_batch(texts) == wanted


def test_subclasses_of_str(ruleset: Ruleset) -> None:
    class Post(str):
        pass

    assert ruleset.scan_batch([Post(POST)])[0].flagged


MISSING: list[Any] = [
    None,
    math.nan,
    np.float64("nan"),
    np.float32("nan"),
    Decimal("nan"),
    pd.NA,
    pd.NaT,
]


@pytest.mark.parametrize("missing", MISSING, ids=repr)
@pytest.mark.parametrize("threads", [1, 2])
def test_missing(ruleset: Ruleset, missing: Any, threads: int) -> None:
    texts = [missing, POST, missing, "x"] * 1500
    verdicts = ruleset.scan_batch(texts, threads=threads)
    assert verdicts == [None, ruleset.scan(POST), None, ruleset.scan("x")] * 1500
    flags = ruleset.is_flagged_batch(texts, threads=threads)
    assert flags == [None, True, None, False] * 1500
    assert ruleset.scan_batch([missing] * 3, threads=threads) == [None] * 3
    # As Arrow has them, which knows fewer by itself.
    column = pa.array([text if isinstance(text, str) else None for text in texts])
    assert ruleset.scan_arrow(column).to_table()["flagged"].to_pylist() == flags


def test_missing_is_what_series_have(ruleset: Ruleset) -> None:
    wanted = [True, None, False]
    for kind in ("object", "str", "string", "string[pyarrow]"):
        series = pd.Series([POST, None, "x"], dtype=kind)
        assert ruleset.is_flagged_batch(series) == wanted, kind
    assert ruleset.is_flagged_batch(pl.Series([POST, None, "x"])) == wanted


def test_not_missing(ruleset: Ruleset) -> None:
    """What only bears the name, or lies when it is asked for it."""

    class NAType:
        pass

    class Meta(type):
        @property
        def __module__(cls) -> str:  # type: ignore[override]
            raise RuntimeError("no module")

    class Nameless(metaclass=Meta):
        pass

    Nameless.__name__ = "NAType"
    for thing in (NAType(), Nameless()):
        texts: list[Any] = ["x", thing]
        with pytest.raises(TypeError, match=r"texts\[1\] is NAType, not str"):
            ruleset.scan_batch(texts)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", "not one text"),
        (b"bytes", "not one text"),
        ([1], r"texts\[0\] is int, not str or None"),
        (["a", None, 1.5], r"texts\[2\] is float"),
        ([None, b"bytes"], r"texts\[1\] is bytes"),
        (["a", np.array([math.nan] * 2)], r"texts\[1\] is ndarray"),
        (5, "iterable"),
        ({POST: 1}, r"not dict, .* keys .*; pass its values\(\)"),
        (os.environ, r"not _Environ, .* pass its values\(\)"),
        (pd.DataFrame({"text": [POST]}), "not DataFrame, .* columns; pass one"),
        (pl.DataFrame({"text": [POST]}), "not DataFrame, .* columns; pass one"),
        (pl.LazyFrame({"text": [POST]}), "not LazyFrame, .* columns; pass one"),
        (pa.table({"text": [POST]}), "not Table, .* columns; pass one"),
    ],
)
def test_wrong_lists(ruleset: Ruleset, texts: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        ruleset.scan_batch(texts)
    with pytest.raises(TypeError, match=message):
        ruleset.is_flagged_batch(texts)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ([POST], "scan_batch takes lists"),
        (pa.array([1, 2]), "Int64"),
        (pa.array([[POST]]), "cast it to strings"),
        (
            pa.table({"id": [1], "text": [POST]}),
            r"choose one of its columns \(id, text\)",
        ),
        (pa.record_batch({"text": [POST]}), "choose one of its columns"),
    ],
)
def test_wrong_columns(ruleset: Ruleset, column: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        ruleset.scan_arrow(column)


def test_fields(ruleset: Ruleset) -> None:
    column = pa.array([POST])
    assert ruleset.scan_arrow(column).fields == (
        "flagged",
        "score",
        "category",
        "findings",
        "truncated",
    )
    assert ruleset.scan_arrow(column, fields=None).fields == FIELDS[:5]
    chosen = ruleset.scan_arrow(column, fields=["contacts", "flagged"])
    assert chosen.fields == ("flagged", "contacts")
    with pytest.raises(ValueError, match='no field "colour"; the fields are flagged'):
        ruleset.scan_arrow(column, fields=["colour"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="empty"):
        ruleset.scan_arrow(column, fields=[])
    with pytest.raises(TypeError, match=r"a list of names; write fields=\['score'\]"):
        ruleset.scan_arrow(column, fields="score")  # type: ignore[arg-type]


def test_truncated(ruleset: Ruleset) -> None:
    texts = [POST, POST * 2000, None]
    assert [ruleset.scan(text).truncated for text in texts if text] == [False, True]
    column = pa.array(texts)
    for texts_of in (column, column.dictionary_encode()):
        verdicts = ruleset.scan_arrow(texts_of, fields=["truncated"])
        assert verdicts.to_table()["truncated"].to_pylist() == [False, True, None]


def test_tables(ruleset: Ruleset) -> None:
    column = pa.chunked_array([[POST, None], ["x"]])
    verdicts = ruleset.scan_arrow(column, fields=FIELDS)
    table = verdicts.to_table()
    assert table.column_names == list(verdicts.fields) == list(FIELDS)
    rows = pa.chunked_array(verdicts).to_pylist()
    assert table.to_pylist() == [rows[0], dict.fromkeys(FIELDS), rows[2]]
    assert ruleset.scan_arrow(pa.nulls(0)).to_table().num_rows == 0


def test_tables_need_pyarrow(ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    verdicts = ruleset.scan_arrow(pa.array([POST]))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ImportError, match=r"to_table needs pyarrow: .*huoyan\[arrow\]"):
        verdicts.to_table()


def test_capsules_are_taken_once(ruleset: Ruleset) -> None:
    column = pa.array([POST])

    class Once:
        capsules = column.__arrow_c_array__()

        def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
            return self.capsules

    once = Once()
    assert len(ruleset.scan_arrow(once)) == 1
    with pytest.raises(ValueError, match="taken over already"):
        ruleset.scan_arrow(once)

    class Wrong:
        def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
            return column.__arrow_c_array__()[0]

    with pytest.raises(ValueError, match="name"):
        ruleset.scan_arrow(Wrong())


def test_broken_strings(ruleset: Ruleset) -> None:
    """Strings that are no UTF-8, which Arrow's C interface does not rule out."""
    buffers = pa.array(["大量V信号出售".encode() + b"\xff\xfe"], pa.binary()).buffers()
    column = pa.StringArray.from_buffers(1, buffers[1], buffers[2])
    row = pa.array(ruleset.scan_arrow(column, fields=["flagged", "folded"])).to_pylist()[
        0
    ]
    assert row == {"flagged": True, "folded": "大量v信号出售\ufffd\ufffd"}


def test_threads_must_make_sense(ruleset: Ruleset) -> None:
    column = pa.array([POST])
    for threads in (513, -1, 10**30, -(10**30)):
        for call in (
            lambda n: ruleset.scan_batch([POST], threads=n),
            lambda n: ruleset.scan_arrow(column, threads=n),
        ):
            with pytest.raises(ValueError, match=f"0 .* to 512, not {threads}\\b"):
                call(threads)
    with pytest.raises(TypeError):
        ruleset.scan_batch([POST], threads=1.5)  # type: ignore[call-overload]


def long_work(ruleset: Ruleset, threads: int) -> dict[str, Callable[[], object]]:
    """Minutes of work in little memory."""
    texts = [POST * 200] * 1_000_000
    column = pa.chunked_array([pa.array([POST * 200] * 1000)] * 1000)
    return {
        "scan_batch": lambda: ruleset.scan_batch(texts, threads=threads),
        "is_flagged_batch": lambda: ruleset.is_flagged_batch(texts, threads=threads),
        "scan_arrow": lambda: ruleset.scan_arrow(column, threads=threads),
    }


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("call", ["scan_batch", "is_flagged_batch", "scan_arrow"])
def test_keyboard_interrupt(ruleset: Ruleset, call: str, threads: int) -> None:
    work = long_work(ruleset, threads)[call]
    assert seconds_to_interrupt(0.5, work) < 1.0
    # All works again.
    assert ruleset.is_flagged_batch([POST] * 5000, threads=threads) == [True] * 5000


@pytest.mark.parametrize("threads", [1, 2])
def test_other_threads_run(ruleset: Ruleset, threads: int) -> None:
    texts = [POST * 100] * 5_000
    worker = threading.Thread(
        target=ruleset.scan_batch, args=(texts,), kwargs={"threads": threads}
    )
    turns = 0
    worker.start()
    while worker.is_alive():
        turns += 1
        time.sleep(0.0005)
    assert turns > 20


@pytest.mark.parametrize("threads", [1, 2])
def test_progress(
    ruleset: Ruleset, threads: int, capsys: pytest.CaptureFixture[str]
) -> None:
    ruleset.scan_batch([POST] * 3000, threads=threads, progress=True)
    assert "3.00k/3.00k" in capsys.readouterr().err
    column = pa.chunked_array([[POST] * 1000, [None] * 500])
    ruleset.scan_arrow(column, threads=threads, progress=True)
    assert "1.50k/1.50k" in capsys.readouterr().err
    ruleset.scan_batch([POST])
    assert capsys.readouterr().err == ""


def test_progress_needs_tqdm(ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("tqdm"):
            raise ModuleNotFoundError(name)
        return real(name, *rest, **more)

    for name in [name for name in sys.modules if name.startswith("tqdm")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"huoyan\[progress\]"):
        ruleset.scan_batch([POST], progress=True)
