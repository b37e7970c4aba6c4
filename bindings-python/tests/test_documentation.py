"""What `help` shows is what editors show."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import huoyan
import huoyan._native as native
import pytest

STUB = Path(huoyan.__file__).with_name("_native.pyi")


def documented() -> Iterator[tuple[str, str]]:
    """Each public name of the stub with its docstring."""
    told: set[str] = set()
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, ast.get_docstring(node) or ""
            for item in node.body:
                if not isinstance(item, ast.FunctionDef) or item.name.startswith("_"):
                    continue
                # Of overloads the first one tells.
                if (name := f"{node.name}.{item.name}") not in told:
                    told.add(name)
                    yield name, ast.get_docstring(item) or ""
        elif isinstance(node, ast.FunctionDef):
            yield node.name, ast.get_docstring(node) or ""


def find(name: str) -> Any:
    found: Any = native
    for part in name.split("."):
        found = getattr(found, part)
    return found


@pytest.mark.parametrize(("name", "text"), [*documented()], ids=lambda value: value[:32])
def test_docstrings(name: str, text: str) -> None:
    assert text, "the stub says nothing"
    assert inspect.cleandoc(find(name).__doc__ or "") == text


def test_nothing_is_left_out() -> None:
    names = {name for name, _ in documented()}
    for name in native.__all__:
        thing = getattr(native, name)
        if isinstance(thing, type):
            names.remove(name)
            members = {f"{name}.{m}" for m in vars(thing) if not m.startswith("_")}
            assert members <= names, name
            names -= members
        elif callable(thing):
            names.remove(name)
    assert not names
