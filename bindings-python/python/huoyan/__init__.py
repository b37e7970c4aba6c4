"""Huoyan finds posts that trade accounts, however they are disguised.

>>> import huoyan
>>> ruleset = huoyan.Ruleset.builtin()
>>> verdict = ruleset.scan("国内实名薇❤号15-30天！带支付！")
>>> verdict.category
'account_trade'
>>> verdict.attributes
{'real_name': (), 'account_age': ('15-30天',)}

`Ruleset.scan` takes one text, `scan_batch` a list, `scan_iter` any iterable, one
without an end too, and `scan_arrow` a column of anything that speaks Arrow.
`huoyan.polars`, `huoyan.pandas`, `huoyan.duckdb` and `huoyan.spark` bring the same
to where data teams work; importing `huoyan` imports none of them.
"""

from huoyan._native import (
    Contact,
    Evidence,
    Explanation,
    Finding,
    FiredRule,
    Hit,
    NearMiss,
    Place,
    PlacePart,
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
    "Place",
    "PlacePart",
    "Ruleset",
    "TextError",
    "Verdict",
    "VerdictArray",
    "VersionError",
    "__version__",
]
