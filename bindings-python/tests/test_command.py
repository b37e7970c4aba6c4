"""The command line that the wheel brings."""

from __future__ import annotations

import json
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import huoyan
import pytest

SCRIPT = str(Path(sysconfig.get_path("scripts")) / "huoyan")
POSTS = "大量V信号出售\n今天天气不错\n"


@pytest.fixture(params=["script", "module"])
def command(request: pytest.FixtureRequest) -> list[str]:
    if request.param == "module":
        return [sys.executable, "-m", "huoyan"]
    assert shutil.which(SCRIPT), f"{SCRIPT} is installed"
    return [SCRIPT]


def run(
    command: list[str], *arguments: str, text: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *arguments],
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_scan(command: list[str]) -> None:
    done = run(command, "scan", "--output", "json", "--check", text=POSTS)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["category"] for record in records] == ["account_trade", None]
    assert done.returncode == 1 and done.stderr == ""
    verdict = huoyan.Ruleset.builtin().scan(POSTS.splitlines()[0])
    finding = records[0]["findings"][0]
    assert (finding["start"], finding["end"]) == verdict.findings[0].byte_span
    assert finding["text"] == verdict.findings[0].text


def test_version_and_help(command: list[str]) -> None:
    version = run(command, "--version")
    assert version.stdout == f"huoyan {huoyan.__version__}\n" and version.returncode == 0
    assert "huoyan scan" in run(command, "--help").stdout


def test_errors(command: list[str]) -> None:
    wrong = run(command, "scan", "--colour")
    assert wrong.returncode == 2 and "--colour" in wrong.stderr
    missing = run(command, "scan", "nowhere.txt")
    assert missing.returncode == 2 and "nowhere.txt" in missing.stderr


def test_mask_and_compile(command: list[str], tmp_path: Path) -> None:
    assert "出售" not in run(command, "mask", text=POSTS).stdout
    pack = Path(__file__).parents[2] / "core" / "packs" / "wechat-trade.toml"
    target = tmp_path / "own.huoyan"
    assert run(command, "compile", str(pack), "-o", str(target)).returncode == 0
    assert huoyan.Ruleset.load(target).id == "wechat-trade"


def test_a_reader_that_has_enough(command: list[str], tmp_path: Path) -> None:
    posts = tmp_path / "posts.txt"
    posts.write_text(POSTS * 100_000, encoding="utf-8")
    pipe = f"{shlex.join(command)} fold {shlex.quote(str(posts))} | head -n 1"
    done = run(["bash", "-o", "pipefail", "-c", pipe])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "大量v信号出售\n"


def test_ctrl_c(command: list[str]) -> None:
    with subprocess.Popen(
        [*command, "scan"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin and process.stdout
        process.stdin.write(POSTS)
        process.stdin.flush()
        assert "V信" in process.stdout.readline() + process.stdout.readline()
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == -signal.SIGINT
        assert time.monotonic() - started < 1
