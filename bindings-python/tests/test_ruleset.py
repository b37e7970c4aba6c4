"""Rulesets: making, comparing, sending."""

from __future__ import annotations

import copy
import multiprocessing
import os
import pickle
import weakref
import zlib
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import huoyan
import pytest
from huoyan import Ruleset
from rows import FILES, RowFile

POST = "国内实名薇❤号15-30天！带支付！"

PACK = """
format = 1
[pack]
id = "demo"
version = "3"
[[concept]]
id = "wechat"
platform = "wechat"
terms = ["微信"]
[[rule]]
id = "any-wechat"
category = "contact_solicitation"
all = ["wechat"]
within = 8
weight = 6.0
"""


def test_what_it_tells(ruleset: Ruleset) -> None:
    assert ruleset.id == "wechat-trade"
    assert ruleset.version
    assert ruleset.threshold == 50
    assert "wechat" in ruleset.platforms
    assert {"wechat", "account"} <= set(ruleset.concepts)
    assert len(ruleset.rules) > 20
    assert repr(ruleset).startswith("<Ruleset wechat-trade ")


def test_repr_tells_a_threshold_of_ones_own(ruleset: Ruleset) -> None:
    plain = repr(ruleset)
    assert "threshold" not in plain
    other = ruleset.with_threshold(80)
    for same in (other, Ruleset.builtin(threshold=80), pickle.loads(pickle.dumps(other))):
        assert repr(same) == plain[:-1] + ", threshold 80>"
    assert repr(other.with_threshold(62.5)).endswith(" kB, threshold 62.5>")
    assert repr(other.with_threshold(50)) == plain
    assert repr(Ruleset.from_bytes(other.to_bytes())) == plain


def test_one_text(ruleset: Ruleset) -> None:
    assert ruleset.is_flagged(POST)
    assert not ruleset.is_flagged("今天天气不错")
    assert ruleset.fold("ＶＸ註\u200b冊") == "vx注册"
    masked = ruleset.mask("你好，大量V信号出售")
    assert masked.startswith("你好，") and "出售" not in masked


def test_compile_and_load(tmp_path: Path) -> None:
    compiled = Ruleset.compile(PACK)
    assert (compiled.id, compiled.version, compiled.rules) == (
        "demo",
        "3",
        ("any-wechat",),
    )
    source, binary = tmp_path / "包.toml", tmp_path / "包.huoyan"
    source.write_text(PACK, encoding="utf-8")
    binary.write_bytes(compiled.to_bytes())
    for path in (source, binary, str(source), str(binary)):
        loaded = Ruleset.load(path)
        assert loaded == compiled
        assert loaded.is_flagged("微.信")
    assert Ruleset.from_bytes(compiled.to_bytes()) == compiled


def test_errors_of_packs() -> None:
    with pytest.raises(huoyan.PackError) as caught:
        Ruleset.compile(PACK.replace("微信", "").replace("6.0", "'x'"), name="my.toml")
    error = caught.value
    assert error.source == "my.toml"
    assert (error.line, error.column) == (
        error.diagnostics[0].line,
        error.diagnostics[0].column,
    )
    assert error.line > 1 and error.message and "my.toml:" in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) and again.diagnostics == error.diagnostics
    assert isinstance(error, ValueError) and isinstance(error, huoyan.HuoyanError)
    assert error.diagnostics[0].related is None
    concept = PACK[PACK.index("[[concept]]") : PACK.index("[[rule]]")]
    with pytest.raises(huoyan.PackError) as caught:
        Ruleset.compile(PACK + concept)
    (twice,) = caught.value.diagnostics
    first = PACK.encode().index(b'id = "', PACK.encode().index(b"[[concept]]")) + 5
    assert twice.related is not None and twice.related[0] == first < twice.byte_span[0]
    assert pickle.loads(pickle.dumps(caught.value)).diagnostics == (twice,)


def test_surrogates_in_packs() -> None:
    with pytest.raises(huoyan.TextError) as caught:
        Ruleset.compile(PACK + "\ud800")
    error = caught.value
    assert error.position == len(PACK) and error.replaceable is False
    assert "errors=" not in str(error) and "U+D800" in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def with_layout(ruleset: bytes, layout: bytes) -> bytes:
    """The bytes as if their tables were laid out otherwise."""
    body = layout + ruleset[24:]
    return ruleset[:16] + zlib.crc32(body).to_bytes(4, "little") + body


def test_errors_of_bytes(tmp_path: Path) -> None:
    good = Ruleset.compile(PACK).to_bytes()
    kinds = {
        b"": "not-a-ruleset",
        b"what": "not-a-ruleset",
        good[:-1]: "length",
        good + b"x": "length",
        good[:-1] + bytes([good[-1] ^ 1]): "checksum",
        good[:8] + b"\x09" + good[9:]: "version",
        with_layout(good, b"\x01\x02\x03\x04"): "layout",
    }
    for data, kind in kinds.items():
        with pytest.raises(huoyan.LoadError) as caught:
            Ruleset.from_bytes(data)
        assert caught.value.kind == kind
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    with pytest.raises(huoyan.LoadError) as caught:
        Ruleset.from_bytes(good[:-1])
    assert (caught.value.found, caught.value.wanted) == (len(good) - 1, len(good))
    with pytest.raises(FileNotFoundError) as missing:
        Ruleset.load(tmp_path / "nowhere.toml")
    assert missing.value.strerror == os.strerror(missing.value.errno or 0)
    assert missing.value.filename == str(tmp_path / "nowhere.toml")
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(huoyan.LoadError, match="noise"):
        Ruleset.load(tmp_path / "noise")


def test_threshold(ruleset: Ruleset) -> None:
    score = ruleset.scan(POST).score
    strict = Ruleset.builtin(threshold=100)
    assert strict != ruleset and strict.threshold == 100
    assert ruleset.with_threshold(0).is_flagged(POST)
    assert strict.scan(POST).score == score
    for bad in (-1, 101, float("nan")):
        with pytest.raises(ValueError, match="0 to 100"):
            ruleset.with_threshold(bad)


def test_same_and_not_same(ruleset: Ruleset, engine: RowFile) -> None:
    assert ruleset == Ruleset.builtin()
    assert hash(ruleset) == hash(Ruleset.builtin())
    assert ruleset != engine.ruleset
    assert ruleset != "wechat-trade"
    assert len({ruleset, Ruleset.builtin(), engine.ruleset}) == 2
    assert copy.copy(ruleset) is ruleset and copy.deepcopy(ruleset) is ruleset
    assert weakref.ref(ruleset)() is ruleset
    with pytest.raises(AttributeError):
        ruleset.id = "other"  # type: ignore[misc]


def test_pickle_builtin_by_name(ruleset: Ruleset) -> None:
    pickled = pickle.dumps(ruleset.with_threshold(70))
    assert len(pickled) < 300
    again = pickle.loads(pickled)
    assert again == ruleset.with_threshold(70)
    other = pickled.replace(ruleset.version.encode(), b"9" * len(ruleset.version))
    with pytest.raises(huoyan.VersionError) as caught:
        pickle.loads(other)
    assert caught.value.here == (ruleset.id, ruleset.version)
    assert caught.value.pickled[1].startswith("9")


def test_pickle_custom_by_bytes(engine: RowFile) -> None:
    pickled = pickle.dumps(engine.ruleset)
    assert engine.ruleset.to_bytes() in pickled
    assert pickle.loads(pickled) == engine.ruleset
    assert copy.deepcopy(engine.ruleset) == engine.ruleset


def test_threads_share_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        for file in FILES:
            wanted = [file.ruleset.scan(text) for text in file.texts]
            rounds = [pool.submit(file.ruleset.scan_batch, file.texts) for _ in range(40)]
            singles = [pool.submit(file.ruleset.scan, text) for text in file.texts * 10]
            assert all(future.result() == wanted for future in rounds)
            assert [future.result() for future in singles] == wanted * 10


def test_processes() -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        for file in FILES:
            wanted = [file.ruleset.scan(text) for text in file.texts]
            assert list(pool.map(file.ruleset.scan, file.texts, chunksize=16)) == wanted
