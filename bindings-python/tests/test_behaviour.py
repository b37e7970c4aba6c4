"""The behaviour rows through scan, scan_batch and scan_arrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from rows import FIELDS, RowFile, by_name

LAYOUTS: dict[str, Callable[[list[Any]], Any]] = {
    "string": lambda texts: pa.array(texts, pa.string()),
    "large_string": lambda texts: pa.array(texts, pa.large_string()),
    "string_view": lambda texts: pa.array(texts, pa.string_view()),
    "binary": lambda texts: pa.array([t and t.encode() for t in texts], pa.binary()),
    "dictionary": lambda texts: pa.array(texts, pa.string()).dictionary_encode(),
    "wide dictionary": lambda texts: pa.array(texts).dictionary_encode().slice(0, 3),
    "large dictionary": lambda texts: pa.array(
        texts, pa.large_string()
    ).dictionary_encode(),
    "chunked": lambda texts: pa.chunked_array(
        [texts[:1], [], texts[1:7], texts[7:]], pa.string()
    ),
    "chunked dictionary": lambda texts: pa.chunked_array(
        [pa.array(texts[:5]).dictionary_encode(), pa.array(texts[5:]).dictionary_encode()]
    ),
    "sliced": lambda texts: pa.array(["前", *texts, "后"], pa.string()).slice(
        1, len(texts)
    ),
    "sliced view": lambda texts: pa.array(["前", *texts], pa.string_view()).slice(1),
}


def test_scan(file: RowFile) -> None:
    for row in file.rows:
        verdict = file.ruleset.scan(row["text"])
        assert verdict.category == row.get("category"), row["name"]
        assert verdict.flagged is (row.get("category") is not None), row["name"]
        if "finding" in row:
            assert verdict.findings[0].text == row["finding"], row["name"]
        if "platforms" in row:
            assert list(verdict.platforms) == row["platforms"], row["name"]
        if "attributes" in row:
            found = {name: list(v) for name, v in verdict.attributes.items()}
            assert found == row["attributes"], row["name"]


def test_hits(file: RowFile) -> None:
    checked = 0
    for row in file.rows:
        if "hits" not in row:
            continue
        hits = file.ruleset.explain(row["text"]).hits
        assert [hit.concept for hit in hits] == [h["concept"] for h in row["hits"]]
        for hit, wanted in zip(hits, row["hits"], strict=True):
            checked += 1
            assert hit.text == wanted.get("text", hit.text), row["name"]
            assert hit.means == wanted.get("means", hit.means), row["name"]
            disguises = wanted.get("disguises", list(hit.disguises))
            assert list(hit.disguises) == disguises, row["name"]
            assert row["text"][hit.start : hit.end] == hit.text
    assert checked or file.pack is None


def test_spans(file: RowFile) -> None:
    for text in file.texts:
        verdict, utf8 = file.ruleset.scan(text), text.encode()
        parts: list[Any] = [*verdict.findings, *verdict.contacts]
        for finding in verdict.findings:
            parts.extend(finding.evidence)
        for part in parts:
            assert text[part.start : part.end] == part.text
            start, end = part.byte_span
            assert utf8[start:end].decode() == part.text
            assert part.span == (part.start, part.end)


@pytest.mark.parametrize("threads", [1, 2, 0])
def test_scan_batch(file: RowFile, threads: int) -> None:
    texts = file.texts * 60
    verdicts = file.ruleset.scan_batch(texts, threads=threads)
    assert verdicts == [file.ruleset.scan(text) for text in file.texts] * 60
    flags = file.ruleset.is_flagged_batch(texts, threads=threads)
    assert flags == [verdict.flagged for verdict in verdicts]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_scan_arrow(file: RowFile, layout: str) -> None:
    texts: list[str | None] = [None, *file.texts, None]
    wanted: list[Any] = [None, *map(by_name, file.plain), None]
    column = LAYOUTS[layout](texts)
    verdicts = file.ruleset.scan_arrow(column, fields=FIELDS)
    assert len(verdicts) == len(column)
    found = pa.chunked_array(verdicts).to_pylist()
    assert [row and by_name(row) for row in found] == wanted[: len(column)]
    assert pa.array(verdicts).to_pylist() == found


@pytest.mark.parametrize("layout", LAYOUTS)
def test_scan_arrow_with_threads(file: RowFile, layout: str) -> None:
    texts = [None, *file.texts] * 80
    column = LAYOUTS[layout](texts)
    one = pa.chunked_array(file.ruleset.scan_arrow(column))
    several = pa.chunked_array(file.ruleset.scan_arrow(column, threads=3))
    assert one.to_pylist() == several.to_pylist()
