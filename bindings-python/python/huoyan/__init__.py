"""Huoyan finds posts that trade accounts, however they are disguised.

>>> import huoyan
>>> ruleset = huoyan.Ruleset.builtin()
>>> verdict = ruleset.scan("大量Ｖ信号出售")
>>> verdict.category
'account_trade'
>>> [(seen.text, seen.means) for seen in verdict.findings[0].evidence][1]
('Ｖ信号', '微信号')

`Ruleset.scan` takes one text, `scan_batch` a list, `scan_arrow` a column of
anything that speaks Arrow. `huoyan.polars`, `huoyan.pandas`, `huoyan.duckdb`
and `huoyan.spark` bring the same to where data teams work; importing
`huoyan` imports none of them.
"""

from huoyan._native import (
    Contact,
    Evidence,
    Explanation,
    Finding,
    FiredRule,
    Hit,
    NearMiss,
    Ruleset,
    Verdict,
    VerdictArray,
    __version__,
)
from huoyan.errors import (
    Diagnostic,
    HuoyanError,
    LoadError,
    PackError,
    TextError,
    VersionError,
)

__all__ = [
    "Contact",
    "Diagnostic",
    "Evidence",
    "Explanation",
    "Finding",
    "FiredRule",
    "Hit",
    "HuoyanError",
    "LoadError",
    "NearMiss",
    "PackError",
    "Ruleset",
    "TextError",
    "Verdict",
    "VerdictArray",
    "VersionError",
    "__version__",
]
