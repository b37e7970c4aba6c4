"""Properties that hold for any text."""

from __future__ import annotations

import contextlib
import pickle
from typing import Any

import huoyan
import pyarrow as pa
from huoyan import Ruleset
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import FILES, plain

RULESET = Ruleset.builtin()
SNIPPETS = sorted({text for file in FILES for text in file.texts})
# Texts of all kinds: any characters, and offers with anything in between.
NOISE = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.one_of(st.sampled_from(SNIPPETS), NOISE), max_size=5).map("".join),
)
ANY = st.one_of(TEXTS, st.text(st.characters()))


def parts(verdict: huoyan.Verdict) -> list[Any]:
    evidence = [seen for finding in verdict.findings for seen in finding.evidence]
    return [*verdict.findings, *verdict.contacts, *evidence]


@given(TEXTS)
def test_spans_are_those_of_the_text(text: str) -> None:
    verdict, utf8 = RULESET.scan(text), text.encode()
    for part in parts(verdict):
        assert 0 <= part.start <= part.end <= len(text)
        assert text[part.start : part.end] == part.text
        start, end = part.byte_span
        assert utf8[start:end].decode() == part.text
    for finding in verdict.findings:
        for seen in finding.evidence:
            assert finding.start <= seen.start and seen.end <= finding.end


@given(ANY)
def test_surrogates_move_nothing(text: str) -> None:
    verdict = RULESET.scan(text, errors="replace")
    assert verdict.text == text
    for part in parts(verdict):
        assert text[part.start : part.end] == part.text
    assert len(RULESET.mask(text, errors="replace")) == len(text)
    try:
        assert RULESET.scan(text) == verdict
    except huoyan.TextError as error:
        assert 0xD800 <= ord(text[error.position]) == error.code_point <= 0xDFFF
        assert not any(0xD800 <= ord(c) <= 0xDFFF for c in text[: error.position])


@given(TEXTS)
def test_flagged_is_what_it_says(text: str) -> None:
    verdict = RULESET.scan(text)
    assert verdict.flagged == bool(verdict.findings) == RULESET.is_flagged(text)
    assert verdict.flagged == (verdict.category is not None)
    assert verdict.flagged == (round(verdict.score, 3) >= RULESET.threshold)
    assert 0 <= verdict.score <= 100
    assert verdict == pickle.loads(pickle.dumps(verdict))
    verdict._repr_html_()


@given(TEXTS)
def test_masked_texts_show_nothing(text: str) -> None:
    verdict, masked = RULESET.scan(text), RULESET.mask(text)
    assert len(masked) == len(text)
    covered: list[Any] = [*verdict.findings, *verdict.contacts]
    for part in covered:
        assert not masked[part.start : part.end].replace("*", "").strip()


@given(st.lists(st.one_of(st.none(), TEXTS)), st.integers(1, 3))
@settings(max_examples=60)
def test_columns_are_lists_are_texts(texts: list[str | None], threads: int) -> None:
    verdicts = RULESET.scan_batch(texts, threads=threads)
    assert verdicts == [None if text is None else RULESET.scan(text) for text in texts]
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        column = pa.chunked_array([texts[:2], texts[2:]], kind)
        found = pa.chunked_array(RULESET.scan_arrow(column, threads=threads)).to_pylist()
        for text, row in zip(texts, found, strict=True):
            assert row == (
                None if text is None else {k: plain(RULESET, text)[k] for k in row}
            )
    dictionary = pa.array(texts, pa.string()).dictionary_encode()
    again = pa.array(RULESET.scan_arrow(dictionary, threads=threads)).to_pylist()
    assert again == found


@given(st.binary())
def test_no_bytes_crash(data: bytes) -> None:
    for prefix in (b"", RULESET.to_bytes()[:64], RULESET.to_bytes()[: len(data) * 7]):
        try:
            Ruleset.from_bytes(prefix + data)
        except huoyan.LoadError:
            continue
        raise AssertionError("bytes that are no ruleset were loaded")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_pack_crashes(source: str) -> None:
    for text in (source, "format = 1\n[pack]\nid = 'x'\nversion = '1'\n" + source):
        with contextlib.suppress(huoyan.PackError):
            Ruleset.compile(text)
