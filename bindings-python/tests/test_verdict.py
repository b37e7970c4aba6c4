"""Verdicts and their parts."""

from __future__ import annotations

import pickle
from typing import Any

import huoyan
import pytest
from huoyan import Ruleset
from rows import FILES

POST = "国内实名薇❤号15-30天！带支付！ 加V：ａｂｃ①②③④⑤"


def test_repr(demo: Ruleset, ruleset: Ruleset) -> None:
    verdict = demo.scan("大量薇❤号，出售！")
    finding = verdict.findings[0]
    assert repr(verdict) == f"<Verdict account_trade {verdict.score:.0f}, 1 finding>"
    score = f"{finding.score:.0f}"
    assert repr(finding) == f"<Finding account_trade {score}: '薇❤号，出售' at 2:8>"
    assert [repr(seen) for seen in finding.evidence] == [
        "<Evidence wechat: '薇❤号' reads '微信号' (component, emoji) at 2:5>",
        "<Evidence deal: '出售' reads '出售' at 6:8>",
    ]
    contact = ruleset.scan(POST).contacts[0]
    assert repr(contact).startswith(
        "<Contact wechat 'abc12345', written 'ａｂｃ①②③④⑤' at"
    )
    assert repr(demo.scan("今天天气不错")) == "<Verdict not flagged, score 0>"


def test_truth(ruleset: Ruleset) -> None:
    verdicts = ruleset.scan_batch([POST, "今天天气不错", "加我的V：abc12345x"])
    assert [bool(verdict) for verdict in verdicts] == [v.flagged for v in verdicts]
    assert verdicts[0] and not verdicts[1]
    named = ruleset.scan("微信支付")
    assert not named and named.platforms
    assert [*filter(None, ruleset.scan_batch([None, POST, "x"]))] == verdicts[:1]


def test_equality_and_hash(ruleset: Ruleset) -> None:
    one, same = ruleset.scan(POST), ruleset.scan(POST)
    other = ruleset.scan("大量V信号出售")
    assert one == same and hash(one) == hash(same) and one != other
    assert one != ruleset.scan(POST + " ")
    for mine, theirs in zip(parts(one), parts(same), strict=True):
        assert mine == theirs and hash(mine) == hash(theirs)
        assert mine != "text" and mine != one
    assert one.findings[0] != other.findings[0]


def test_pickle() -> None:
    for file in FILES:
        for text in file.texts:
            verdict = file.ruleset.scan(text)
            assert pickle.loads(pickle.dumps(verdict)) == verdict
            for part in parts(verdict):
                assert pickle.loads(pickle.dumps(part)) == part
    with pytest.raises(ValueError, match="not a verdict"):
        huoyan._native.restore_verdict("x", b"{}")


def parts(verdict: huoyan.Verdict) -> list[Any]:
    evidence = [seen for finding in verdict.findings for seen in finding.evidence]
    return [*verdict.findings, *verdict.contacts, *evidence]


def test_to_dict(ruleset: Ruleset) -> None:
    data = ruleset.scan(POST).to_dict()
    assert data["text"] == POST
    assert data["category"] == "account_trade" and data["flagged"] is True
    assert data["platforms"] == ["wechat"]
    assert data["attributes"] == {"real_name": True, "account_age": ["15-30天"]}
    finding = data["findings"][0]
    assert POST[finding["start"] : finding["end"]] == finding["text"]
    start, end = finding["evidence"][0]["byte_span"]
    assert POST.encode()[start:end].decode() == finding["evidence"][0]["text"]
    assert data["contacts"][0]["value"] == "abc12345"
    assert ruleset.scan(POST).findings[0].to_dict() == finding


def test_frozen(ruleset: Ruleset) -> None:
    verdict = ruleset.scan(POST)
    for thing in (verdict, *parts(verdict)):
        with pytest.raises((AttributeError, TypeError)):
            thing.score = 1
    with pytest.raises(TypeError):
        huoyan.Verdict()


SURROGATES = "你\ud83d好，大量V信\udc00号出售\ud83d\ude00"


def test_surrogates_are_an_error(ruleset: Ruleset) -> None:
    for method in (
        ruleset.scan,
        ruleset.is_flagged,
        ruleset.fold,
        ruleset.mask,
        ruleset.explain,
    ):
        with pytest.raises(huoyan.TextError) as caught:
            method(SURROGATES)
        error = caught.value
        assert (error.position, error.code_point, error.index) == (1, 0xD83D, None)
        assert "errors='replace'" in str(error)
    with pytest.raises(huoyan.TextError) as caught:
        ruleset.scan_batch(["ok", SURROGATES])
    assert caught.value.index == 1 and "texts[1]" in str(caught.value)
    with pytest.raises(ValueError, match="'strict' or 'replace'"):
        ruleset.scan("x", errors="ignore")  # type: ignore[arg-type]


def test_surrogates_replaced(ruleset: Ruleset) -> None:
    verdict = ruleset.scan(SURROGATES, errors="replace")
    assert verdict.text == SURROGATES
    for part in parts(verdict):
        assert SURROGATES[part.start : part.end] == part.text
    assert ruleset.fold(SURROGATES, errors="replace").startswith("你\ufffd好")
    assert ruleset.scan_batch([SURROGATES], errors="replace") == [verdict]
    whole = ruleset.scan("你\ufffd好，大量V信\ufffd号出售\ufffd\ufffd")
    assert [f.span for f in whole.findings] == [f.span for f in verdict.findings]
    assert verdict.findings[0].byte_span == whole.findings[0].byte_span


@pytest.mark.parametrize("bad", [None, 3, b"bytes", ["list"]])
def test_not_text(ruleset: Ruleset, bad: Any) -> None:
    with pytest.raises(TypeError, match="str"):
        ruleset.scan(bad)


def test_explain(ruleset: Ruleset) -> None:
    explanation = ruleset.explain(POST)
    assert explanation.text == POST
    assert explanation.folded == ruleset.fold(POST)
    assert explanation.verdict == ruleset.scan(POST)
    assert explanation.threshold == ruleset.threshold
    fired = {rule.rule for rule in explanation.fired}
    assert set(explanation.verdict.findings[0].rules) <= fired
    for rule in explanation.fired:
        assert POST[rule.start : rule.end] == rule.text
    data = explanation.to_dict()
    assert data["hits"][0] == explanation.hits[0].to_dict()
    assert {hit["concept"] for hit in data["hits"]} <= set(ruleset.concepts)
    assert all(miss.rule in ruleset.rules for miss in explanation.near_misses)
    assert "hits" in repr(explanation)
    assert explanation.truncated is data["truncated"] is False


def test_places_account_for_the_score(ruleset: Ruleset) -> None:
    explanation = ruleset.explain(POST)
    flagged = [place for place in explanation.places if place.flagged]
    assert {(place.category, place.span) for place in flagged} == {
        (finding.category, finding.span) for finding in explanation.verdict.findings
    }
    for place in explanation.places:
        assert POST[place.start : place.end] == place.text
        added = sum(part.weight + part.risk for part in place.parts)
        total = place.bias + added + place.cut
        assert total == pytest.approx(place.log_odds, abs=1e-3)
        assert place.flagged == (place.score >= explanation.threshold)
        assert {part.rule for part in place.parts} <= set(ruleset.rules)
        data = place.to_dict()
        assert data["parts"] == [part.to_dict() for part in place.parts]
        assert all(data[key] == getattr(place, key) for key in data if key != "parts")
        assert place.category in repr(place)
    assert explanation.to_dict()["places"][0] == explanation.places[0].to_dict()
    assert ruleset.explain("今天天气不错").places == ()


def test_near_misses_say_why() -> None:
    ruleset = huoyan.Ruleset.compile(
        """
        format = 1
        [pack]
        id = "near"
        version = "1"
        [[concept]]
        id = "fish"
        terms = ["鲤鱼"]
        [[concept]]
        id = "pond"
        terms = ["池塘"]
        [[concept]]
        id = "net"
        terms = ["渔网"]
        """
        + "".join(
            f"""
            [[rule]]
            id = "{name}"
            category = "account_trade"
            all = {all_of}
            any = {any_of}
            none = {none_of}
            within = 4
            weight = 1.0
            """
            for name, all_of, any_of, none_of in [
                ("both", ["fish", "pond"], [], []),
                ("either", ["fish"], ["pond", "net"], []),
                ("without", ["fish"], [], ["net"]),
            ]
        ).replace("'", '"')
    )

    def why(text: str) -> dict[str, tuple[Any, ...]]:
        misses = ruleset.explain(text).near_misses
        for miss in misses:
            assert miss.reason in repr(miss)
            data = miss.to_dict()
            assert data.pop("concepts") == list(miss.concepts)
            assert data == {key: getattr(miss, key) for key in data}
        return {m.rule: (m.kind, m.concepts, m.within, m.reason) for m in misses}

    assert why("一条鲤鱼") == {
        "both": ("lacks", ("pond",), None, "lacks pond"),
        "either": ("lacks-any", ("pond", "net"), None, "lacks one of pond, net"),
    }
    apart = why("鲤鱼在很远很远很远的池塘")["both"]
    assert apart == ("apart", (), 4, "its parts are 4 symbols apart or more")
    forbidden = why("鲤鱼渔网")["without"]
    assert forbidden == ("forbidden", ("net",), None, "net must not be near")
