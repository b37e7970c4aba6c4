"""Verdicts one by one: order, laziness, errors in their places, interrupts."""

from __future__ import annotations

import gc
import itertools
import math
import pickle
import sys
import threading
import time
import tracemalloc
import weakref
from collections.abc import Iterator
from typing import Any

import huoyan
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from huoyan import Ruleset, Verdict
from hypothesis import given, settings
from hypothesis import strategies as st
from interrupts import seconds_to_interrupt
from rows import RowFile

POST = "大量V信号出售，带支付，加薇 abc12345"
CHUNK_BYTES = 1 << 25


class Source:
    """Texts without an end, and how many of them were taken."""

    def __init__(self, text: str = POST) -> None:
        self.text = text
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        while True:
            self.taken += 1
            yield f"{self.text} {self.taken}"


@pytest.mark.parametrize("threads", [1, 2, 0])
@pytest.mark.parametrize("chunk", [None, 1, 7, 3000])
def test_is_scan_batch(file: RowFile, chunk: int | None, threads: int) -> None:
    texts = [None, *file.texts] * (3 if chunk == 1 and threads != 1 else 30)
    found = file.ruleset.scan_iter(iter(texts), chunk=chunk, threads=threads)
    assert list(found) == file.ruleset.scan_batch(texts, threads=threads)
    assert list(found) == []


@given(
    st.lists(st.sampled_from([None, math.nan, POST, "x", "\ud800", 3]), max_size=12),
    st.integers(1, 5),
    st.integers(1, 2),
)
@settings(max_examples=200, deadline=None)
def test_any_list(texts: list[Any], chunk: int, threads: int) -> None:
    """One by one it is as if each were scanned when it is asked for."""
    ruleset = Ruleset.builtin()
    verdicts = ruleset.scan_iter((t for t in texts), chunk=chunk, threads=threads)
    for place, text in enumerate(texts):
        if text == 3 or text == "\ud800":
            kind = TypeError if text == 3 else huoyan.TextError
            with pytest.raises(kind, match=rf"texts\[{place}\] "):
                next(verdicts)
            break
        assert next(verdicts) == (ruleset.scan(text) if isinstance(text, str) else None)
    assert list(verdicts) == []


def test_is_an_iterator(ruleset: Ruleset) -> None:
    verdicts = ruleset.scan_iter([POST])
    assert iter(verdicts) is verdicts and isinstance(verdicts, Iterator)
    assert isinstance(next(verdicts), Verdict)
    assert next(verdicts, "the end") == "the end"
    with pytest.raises(StopIteration):
        next(verdicts)
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(verdicts)


def test_iterables(ruleset: Ruleset) -> None:
    flags = [True, None, False]
    for texts in (
        (POST, None, "x"),
        pd.Series([POST, None, "x"]),
        pd.Series([POST, None, "x"], dtype="string"),
        pl.Series([POST, None, "x"]),
        {POST: 1, None: 2, "x": 3}.keys(),
    ):
        found = ruleset.scan_iter(texts)
        assert [None if v is None else v.flagged for v in found] == flags
    assert list(ruleset.scan_iter([])) == list(ruleset.scan_iter([], threads=2)) == []


def test_replaced_surrogates(ruleset: Ruleset) -> None:
    text = "\ud800" + POST
    verdicts = ruleset.scan_iter([text], errors="replace")
    assert list(verdicts) == [ruleset.scan(text, errors="replace")]


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", "not one text"),
        (5, "iterable"),
        ({POST: 1}, r"not dict, .* pass its values\(\)"),
        (pd.DataFrame({"text": [POST]}), "not DataFrame, .* columns; pass one"),
        (pa.table({"text": [POST]}), "not Table, .* columns; pass one"),
    ],
)
def test_wrong_iterables(ruleset: Ruleset, texts: Any, message: str) -> None:
    """They are told at once, not when the first verdict is asked for."""
    with pytest.raises(TypeError, match=message):
        ruleset.scan_iter(texts)


def test_wrong_numbers(ruleset: Ruleset) -> None:
    for chunk in (0, -1, (1 << 20) + 1, 10**30):
        with pytest.raises(ValueError, match=f"1 to 1048576 texts, not {chunk}\\b"):
            ruleset.scan_iter([POST], chunk=chunk)
    with pytest.raises(TypeError):
        ruleset.scan_iter([POST], chunk=1.5)  # type: ignore[call-overload]
    with pytest.raises(ValueError, match=r"0 .* to 512, not -1"):
        ruleset.scan_iter([POST], threads=-1)
    with pytest.raises(ValueError, match="'strict' or 'replace'"):
        ruleset.scan_iter([POST], errors="ignore")  # type: ignore[call-overload]


@pytest.mark.parametrize("threads", [1, 2])
def test_takes_a_chunk_ahead(ruleset: Ruleset, threads: int) -> None:
    source = Source()
    verdicts = ruleset.scan_iter(source, chunk=10, threads=threads)
    assert source.taken == 0
    for count in range(1, 36):
        assert next(verdicts).text == f"{POST} {count}"
        assert source.taken == -(-count // 10) * 10
    unless_told = Source("x")
    next(ruleset.scan_iter(unless_told, threads=threads))
    assert unless_told.taken == (4096 if threads == 1 else 16_384)


def test_long_texts_make_small_chunks(ruleset: Ruleset) -> None:
    source = Source("山" * 1_000_000)
    verdicts = ruleset.scan_iter(source)
    next(verdicts)
    assert source.taken == -(-CHUNK_BYTES // 3_000_000)


def test_memory_is_bounded(ruleset: Ruleset) -> None:
    verdicts = ruleset.scan_iter(Source(POST * 20), chunk=100)
    tracemalloc.start()
    try:
        peaks = []
        for _ in range(3):
            tracemalloc.reset_peak()
            for _ in itertools.islice(verdicts, 2000):
                pass
            peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    assert peaks[2] < peaks[0] * 1.2 and peaks[0] < 1_000_000


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
@pytest.mark.parametrize("threads", [1, 2])
def test_errors_of_the_iterable(ruleset: Ruleset, chunk: int, threads: int) -> None:
    def texts() -> Iterator[str]:
        yield from (POST, "x", POST)
        raise LookupError("the feed broke")

    verdicts = ruleset.scan_iter(texts(), chunk=chunk, threads=threads)
    assert [next(verdicts).flagged for _ in range(3)] == [True, False, True]
    with pytest.raises(LookupError, match="the feed broke") as caught:
        next(verdicts)
    assert caught.traceback[-1].name == "texts"
    assert list(verdicts) == []


def test_what_has_ended_is_not_asked_again(ruleset: Ruleset) -> None:
    class Once:
        ends = 0

        def __iter__(self) -> Once:
            return self

        def __next__(self) -> str:
            self.ends += 1
            if self.ends > 2:
                raise AssertionError("asked again")
            if self.ends == 2:
                raise StopIteration
            return "x"

    verdicts = ruleset.scan_iter(Once())
    assert len(list(verdicts)) == 1 and list(verdicts) == []


def test_interrupted_while_taking(ruleset: Ruleset) -> None:
    """It does not wait for what was taken, and what was taken is not lost."""

    class Texts:
        count = 0

        def __iter__(self) -> Texts:
            return self

        def __next__(self) -> str:
            self.count += 1
            if self.count == 5:
                raise KeyboardInterrupt
            if self.count > 8:
                raise StopIteration
            return str(self.count)

    verdicts = ruleset.scan_iter(Texts())
    with pytest.raises(KeyboardInterrupt):
        next(verdicts)
    assert [verdict.text for verdict in verdicts] == list("1234678")


@pytest.mark.parametrize("threads", [1, 2])
def test_interrupted_while_scanning(ruleset: Ruleset, threads: int) -> None:
    # Seconds of work in one chunk.
    texts = [POST * 300] * 1_000
    verdicts = ruleset.scan_iter(texts, threads=threads)
    assert seconds_to_interrupt(0.1, lambda: list(verdicts)) < 1.0
    assert next(verdicts).text == texts[0]


@pytest.mark.parametrize("threads", [1, 2])
def test_other_threads_run(ruleset: Ruleset, threads: int) -> None:
    verdicts = ruleset.scan_iter([POST * 100] * 4_000, threads=threads)
    worker = threading.Thread(target=next, args=(verdicts,))
    turns = 0
    worker.start()
    while worker.is_alive():
        turns += 1
        time.sleep(0.0005)
    assert turns > 20


def test_from_several_threads(ruleset: Ruleset) -> None:
    """Each text comes out once; who comes at a bad moment is told."""
    verdicts = ruleset.scan_iter((str(n) for n in range(20_000)), chunk=50)
    found: list[str] = []
    refused = []

    def take() -> None:
        while True:
            try:
                verdict = next(verdicts, None)
            except ValueError as error:
                refused.append(str(error))
                continue
            if verdict is None:
                return
            found.append(verdict.text)

    threads = [threading.Thread(target=take) for _ in range(4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert sorted(found, key=int) == [str(n) for n in range(20_000)]
    assert all("at work already" in message for message in refused)


def test_asked_by_its_own_texts(ruleset: Ruleset) -> None:
    def texts() -> Iterator[str]:
        yield "x"
        next(verdicts)

    verdicts = ruleset.scan_iter(texts())
    assert next(verdicts).text == "x"
    with pytest.raises(ValueError, match="at work already"):
        next(verdicts)


def test_cycles_are_garbage(ruleset: Ruleset) -> None:
    class Feed:
        def __init__(self) -> None:
            self.verdicts = ruleset.scan_iter(self.texts(), chunk=1)

        def texts(self) -> Iterator[str]:
            while True:
                yield self.__class__.__name__

    feed = Feed()
    assert next(feed.verdicts).text == "Feed"
    gone = weakref.ref(feed)
    del feed
    gc.collect()
    assert gone() is None


def test_errors_that_nobody_sees_are_garbage(ruleset: Ruleset) -> None:
    class Feed:
        def __init__(self) -> None:
            self.verdicts = ruleset.scan_iter(self.texts())

        def texts(self) -> Iterator[str]:
            yield "x"
            # Its traceback has this frame, which has the feed.
            raise LookupError

    feed = Feed()
    next(feed.verdicts)
    gone = weakref.ref(feed)
    del feed
    gc.collect()
    assert gone() is None


def test_source_is_let_go(ruleset: Ruleset) -> None:
    closed = []

    def texts() -> Iterator[str]:
        try:
            yield from itertools.repeat("x")
        finally:
            closed.append(True)

    verdicts = ruleset.scan_iter(texts(), chunk=2)
    next(verdicts)
    assert not closed
    del verdicts
    assert closed
