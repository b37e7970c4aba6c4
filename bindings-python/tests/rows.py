"""The behaviour rows that every language runs, and verdicts as plain data."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import huoyan
import tomllib

REPOSITORY = Path(__file__).resolve().parents[2]

# A pack whose every answer is known: the built-in one is tuned from time to time.
DEMO = """
format = 1
[pack]
id = "demo"
version = "3"
[[concept]]
id = "wechat"
platform = "wechat"
terms = [{ text = "微信号", disguise = ["initials", "emoji"] }]
[[concept]]
id = "deal"
terms = ["出售"]
[[rule]]
id = "sell-wechat"
category = "account_trade"
all = ["wechat", "deal"]
within = 16
weight = 6.0
"""

FIELDS: Any = (
    "flagged",
    "score",
    "category",
    "findings",
    "truncated",
    "platforms",
    "contacts",
    "attributes",
    "masked",
    "folded",
)


class RowFile:
    """A file of `core/tests/behaviour`."""

    def __init__(self, path: Path) -> None:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        self.name = path.stem
        self.pack: str | None = data.get("pack")
        self.rows: list[dict[str, Any]] = data["row"]

    @functools.cached_property
    def ruleset(self) -> huoyan.Ruleset:
        if self.pack is None:
            return huoyan.Ruleset.builtin()
        return huoyan.Ruleset.compile(self.pack, name=self.name)

    @functools.cached_property
    def texts(self) -> list[str]:
        return [row["text"] for row in self.rows]

    @functools.cached_property
    def plain(self) -> list[dict[str, Any]]:
        """What each host must give for the texts."""
        return [plain(self.ruleset, text) for text in self.texts]


def files() -> list[RowFile]:
    folder = REPOSITORY / "core" / "tests" / "behaviour"
    found = [RowFile(path) for path in sorted(folder.glob("*.toml"))]
    assert sum(len(file.rows) for file in found) >= 50, "the rows are where they were"
    return found


FILES = files()


def plain(ruleset: huoyan.Ruleset, text: str) -> dict[str, Any]:
    """The verdict on a text in the form that columns have."""
    verdict = ruleset.scan(text)

    def span(part: Any) -> dict[str, Any]:
        return {"start": part.start, "end": part.end, "text": part.text}

    return {
        "flagged": verdict.flagged,
        "score": verdict.score,
        "category": verdict.category,
        "findings": [
            {
                "category": finding.category,
                "score": finding.score,
                **span(finding),
                "rules": list(finding.rules),
                "evidence": [
                    {
                        "concept": seen.concept,
                        **span(seen),
                        "means": seen.means,
                        "disguises": list(seen.disguises),
                    }
                    for seen in finding.evidence
                ],
            }
            for finding in verdict.findings
        ],
        "truncated": verdict.truncated,
        "platforms": list(verdict.platforms),
        "contacts": [
            {"platform": contact.platform, "value": contact.value, **span(contact)}
            for contact in verdict.contacts
        ],
        "attributes": [
            {"name": name, "value": value}
            for name, values in verdict.attributes.items()
            for value in (values or (None,))
        ],
        "masked": ruleset.mask(text),
        "folded": ruleset.fold(text),
    }


def by_name(row: dict[str, Any]) -> dict[str, Any]:
    """Attributes in the order of their names: columns have them in the text's."""
    return {**row, "attributes": sorted(row["attributes"], key=repr)}
