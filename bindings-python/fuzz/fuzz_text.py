"""Any string, list, column or pack through the Python package.

    pip install 'atheris==3.0.0' huoyan pyarrow
    python fuzz_text.py -max_total_time=60

The native half has fuzz targets of its own (`fuzz/` at the root of the
repository). Here it is held that the package takes whatever Python can hand it:
lone surrogates, empty columns with offsets, numbers out of range.
"""

from __future__ import annotations

import contextlib
import pickle
import sys

import atheris

with atheris.instrument_imports(include=["huoyan"]):
    import huoyan

import pyarrow as pa
from huoyan import Ruleset

RULESET = Ruleset.builtin()
PIECES = [
    "出售", "V信", "薇❤", "号15-30天", "加V：abc12345", "微\u200b信", "\u202e号信微\u202c", "&#24494;",
    "👨‍👩‍👧", "\ud83d", "\udc00", "\x00", "\ufeff", "。", "山高月小而石自现" * 20, "𝐕𝓧",
]  # fmt: skip
PACK = """format = 1
[pack]
id = "p"
version = "1"
[[concept]]
id = "w"
terms = ["微信"]
[[rule]]
id = "r"
category = "account_trade"
all = ["w"]
within = 8
weight = 6.0
"""


@atheris.instrument_func
def text_of(data: atheris.FuzzedDataProvider) -> str:
    """Pieces and anything, lone surrogates among it."""
    parts: list[str] = []
    for _ in range(data.ConsumeIntInRange(0, 8)):
        if data.ConsumeBool():
            parts.append(PIECES[data.ConsumeIntInRange(0, len(PIECES) - 1)])
        else:
            parts.append(data.ConsumeUnicode(data.ConsumeIntInRange(0, 12)))
    return "".join(parts)


def is_whole(text: str) -> bool:
    return not any(0xD800 <= ord(c) <= 0xDFFF for c in text)


@atheris.instrument_func
def check_text(text: str) -> None:
    verdict = RULESET.scan(text, errors="replace")
    evidence = [seen for finding in verdict.findings for seen in finding.evidence]
    for part in [*verdict.findings, *verdict.contacts, *evidence]:
        assert 0 <= part.start <= part.end <= len(text)
        assert text[part.start : part.end] == part.text
    assert len(RULESET.mask(text, errors="replace")) == len(text)
    if is_whole(text):
        assert RULESET.scan(text) == verdict
        assert pickle.loads(pickle.dumps(verdict)) == verdict
        explanation = RULESET.explain(text)
        assert explanation._repr_html_() and repr(explanation) and repr(verdict)
        folded = RULESET.fold(text)
        assert RULESET.fold(folded) == folded or any(c in folded for c in "&%\\")
    else:
        try:
            RULESET.scan(text)
        except huoyan.TextError as error:
            assert 0xD800 <= ord(text[error.position]) <= 0xDFFF
        else:
            raise AssertionError("a lone surrogate was taken")


@atheris.instrument_func
def check_batch(data: atheris.FuzzedDataProvider) -> None:
    texts = [text_of(data) for _ in range(data.ConsumeIntInRange(0, 5))]
    texts = [text for text in texts if is_whole(text)]
    nulls: list[str | None] = [None if data.ConsumeBool() else text for text in texts]
    alone = [None if text is None else RULESET.scan(text) for text in nulls]
    threads = data.ConsumeIntInRange(0, 2)
    assert RULESET.scan_batch(nulls, threads=threads) == alone
    chunk = data.ConsumeIntInRange(1, 6)
    assert [*RULESET.scan_iter(iter(nulls), chunk=chunk, threads=threads)] == alone
    kinds = [pa.string(), pa.large_string(), pa.string_view()]
    column = pa.array(nulls, kinds[data.ConsumeIntInRange(0, 2)])
    if data.ConsumeBool() and column.type != pa.string_view():
        column = column.dictionary_encode()
    start = data.ConsumeIntInRange(0, len(texts))
    column = column.slice(start, data.ConsumeIntInRange(0, len(texts)))
    scanned = pa.array(
        RULESET.scan_arrow(column, fields=["flagged", "score"])
    ).to_pylist()
    for text, row in zip(column.to_pylist(), scanned, strict=True):
        if text is not None:
            wanted = RULESET.scan(text)
            assert (
                row["flagged"] == wanted.flagged
                and abs(row["score"] - wanted.score) < 1e-3
            )


@atheris.instrument_func
def check_pack(data: atheris.FuzzedDataProvider) -> None:
    at = data.ConsumeIntInRange(0, len(PACK))
    put = data.ConsumeUnicode(12)
    source = PACK[:at] + put + PACK[at + data.ConsumeIntInRange(0, 4) :]
    with contextlib.suppress(huoyan.HuoyanError, UnicodeEncodeError):
        ruleset = Ruleset.compile(source)
        ruleset.scan("微信")
        assert pickle.loads(pickle.dumps(ruleset)).scan("微信") == ruleset.scan("微信")


@atheris.instrument_func
def test_one_input(raw: bytes) -> None:
    data = atheris.FuzzedDataProvider(raw)
    match data.ConsumeIntInRange(0, 3):
        case 0:
            check_batch(data)
        case 1:
            check_pack(data)
        case _:
            check_text(text_of(data))


def main() -> None:
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
