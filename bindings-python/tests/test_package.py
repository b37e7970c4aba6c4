"""The package: what importing it brings, its types, its documentation."""

from __future__ import annotations

import doctest
import importlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import huoyan
import pytest
from rows import REPOSITORY

PACKAGE = Path(huoyan.__file__).parent
PROJECT = REPOSITORY / "bindings-python"


def python(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_import_brings_no_host() -> None:
    code = "import sys, huoyan; print(*{n.split('.')[0] for n in sys.modules})"
    loaded = set(python("-c", code).stdout.split())
    hosts = {"pyarrow", "polars", "pandas", "duckdb", "pyspark", "numpy", "tqdm"}
    assert "huoyan" in loaded and not loaded & hosts


@pytest.mark.parametrize("host", ["polars", "pandas", "duckdb", "spark"])
def test_a_host_that_is_not_installed(host: str) -> None:
    module = "pyspark" if host == "spark" else host
    code = f"import sys; sys.modules[{module!r}] = None; import huoyan.{host}"
    done = python("-c", code)
    assert done.returncode == 1 and f"pip install 'huoyan[{host}]'" in done.stderr


def test_is_the_installed_one() -> None:
    assert (PACKAGE / "py.typed").exists() and (PACKAGE / "_native.pyi").exists()
    assert not PACKAGE.is_relative_to(REPOSITORY / "bindings-python" / "python")
    assert re.fullmatch(r"\d+\.\d+\.\d+", huoyan.__version__)


@pytest.mark.parametrize(
    "name", ["huoyan", "huoyan.errors", "huoyan.polars", "huoyan.pandas", "huoyan.duckdb"]
)
def test_examples_in_docstrings(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried > 0 and failed == 0


def test_stubs(tmp_path: Path) -> None:
    done = python("-m", "mypy.stubtest", "huoyan._native", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_of_the_package(tmp_path: Path) -> None:
    # As a source of one's own: mypy is silent on what is installed.
    shutil.copytree(PACKAGE, tmp_path / "huoyan", ignore=shutil.ignore_patterns("*.so"))
    config = str(PROJECT / "pyproject.toml")
    done = python("-m", "mypy", "--config-file", config, "-p", "huoyan", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("folder", ["examples", "bindings-python/tests"])
def test_types_of_users(folder: str) -> None:
    files = sorted((REPOSITORY / folder).glob("*.py"))
    assert files
    config = str(PROJECT / "pyproject.toml")
    arguments = ["-m", "mypy", "--config-file", config, *(path.name for path in files)]
    done = python(*arguments, cwd=REPOSITORY / folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_wrong_use_is_a_type_error(tmp_path: Path) -> None:
    """The types would catch what they are for."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import huoyan\n"
        "r = huoyan.Ruleset.builtin()\n"
        "r.scan(b'x')\n"
        "r.scan('x').nothing\n"
        "r.scan('x', errors='ignore')\n"
        "n: int = r.scan('x').category\n"
    )
    done = python("-m", "mypy", "--strict", str(wrong))
    lines = sorted({int(n) for n in re.findall(r"wrong\.py:(\d+): error", done.stdout)})
    assert lines == [3, 4, 5, 6]


def readme_snippets() -> list[str]:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    section = text.split("\n## Python\n", 1)[1].split("\n## ", 1)[0]
    short = (PROJECT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", section + short, re.DOTALL)


def test_readme(tmp_path: Path) -> None:
    """Snippets run one after the other, as a reader would type them. A comment
    after an expression is what it gives."""
    snippets = readme_snippets()
    assert len(snippets) >= 5
    script = tmp_path / "readme.py"
    checked = 0
    lines = []
    for line in "\n".join(snippets).splitlines():
        code, _, wanted = line.partition("  # -> ")
        if wanted:
            checked += 1
            lines.append(f"assert repr({code}) == {wanted!r}, repr({code})")
        else:
            lines.append(line)
    script.write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "readme.py"],
        cwd=tmp_path,
        # What an activated environment would do.
        env={
            **os.environ,
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert checked >= 5
