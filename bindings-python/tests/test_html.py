"""Verdicts and explanations in notebooks."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from huoyan import Ruleset
from rows import FILES

ATTACK = (
    "<script>alert(1)</script>出售<img src=x onerror=alert(2)>V信号&amp;\"'\u202e加薇<b>信"
    " abc12345</td></table></div></style><style>body{display:none}"
)
VOID = {"tr", "td", "th"}


class Reader(HTMLParser):
    """Reads the text, and holds that every element ends where it may."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.post: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag not in VOID:
            self.open.append("post" if ("class", "post") in attrs else tag)

    def handle_endtag(self, tag: str) -> None:
        ended = self.open.pop()
        assert ended == tag or (ended == "post" and tag == "div")

    def handle_data(self, data: str) -> None:
        if "post" in self.open and "rt" not in self.open:
            self.post.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_a_post_stays_text(ruleset: Ruleset) -> None:
    for shown in (ruleset.scan(ATTACK), ruleset.explain(ATTACK)):
        html = shown._repr_html_()
        reader = read(html)
        known = {"style", "div", "span", "ruby", "rt", "h4", "table", "tr", "td", "th"}
        assert reader.tags <= known
        assert reader.attributes <= {"class", "dir"}
        assert "\u202e" not in html
        assert html.count("<style>") == 1
    text = "".join(read(ruleset.scan(ATTACK)._repr_html_()).post)
    assert text == ATTACK.replace("\u202e", "202E")


def test_every_row_is_well_formed() -> None:
    for file in FILES:
        for text in file.texts:
            read(file.ruleset.scan(text)._repr_html_())
            read(file.ruleset.explain(text)._repr_html_())


def test_what_it_shows(demo: Ruleset) -> None:
    post = "大量薇❤号，出售！"
    html = demo.scan(post)._repr_html_()
    assert "<ruby>薇❤号<rt>微信号</rt></ruby>" in html
    assert "account_trade" in html and "component, emoji" in html
    assert "prefers-color-scheme:dark" in html and "data-jp-theme-light" in html
    assert "not flagged" in demo.scan("今天天气不错")._repr_html_()
    explained = demo.explain(post)._repr_html_()
    assert "rules that fired" in explained and "sell-wechat" in explained
    assert "bias of the pack" in explained and "log-odds" in explained
    assert "lacks" in demo.explain("出售")._repr_html_()


@pytest.mark.parametrize("times", [1_000, 20_000])
def test_long_posts_are_cut(ruleset: Ruleset, times: int) -> None:
    html = ruleset.scan("你好" * times + "大量V信号出售")._repr_html_()
    assert len(html) < 70_000
    assert bool(re.search(r"… \d+ more bytes", html)) is (times > 4_000)
