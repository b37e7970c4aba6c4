"""The guide in `examples`, as a user runs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import huoyan
import polars as pl
from rows import REPOSITORY


def test_offers(tmp_path: Path) -> None:
    guide = REPOSITORY / "examples" / "offers.py"
    done = subprocess.run(
        [sys.executable, str(guide)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    picture = (tmp_path / "offers" / "offers.png").read_bytes()
    assert picture.startswith(b"\x89PNG") and len(picture) > 10_000
    posts = pl.read_parquet(tmp_path / "posts.parquet")
    flagged = pl.read_parquet(tmp_path / "offers" / "flagged.parquet")
    wanted = huoyan.Ruleset.builtin().is_flagged_batch(posts["text"].to_list())
    assert flagged["id"].to_list() == posts.filter(pl.Series(wanted))["id"].to_list()
    assert 100 < flagged.height < 300 and set(flagged["flagged"]) == {True}
    # Each seller is one, however he writes his contact.
    for seller in ("hy_seller01", "huo88yan", "xiaohao2026"):
        assert done.stdout.count(seller) >= 1
    assert "shape: (3, 8)" in done.stdout
