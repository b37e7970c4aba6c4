"""What the tests share: the behaviour rows of the library, and rulesets."""

from __future__ import annotations

import huoyan
import pytest
from rows import DEMO, FILES, RowFile


@pytest.fixture(scope="session")
def ruleset() -> huoyan.Ruleset:
    return huoyan.Ruleset.builtin()


@pytest.fixture(scope="session")
def demo() -> huoyan.Ruleset:
    """A ruleset whose every answer is known."""
    return huoyan.Ruleset.compile(DEMO)


@pytest.fixture(scope="session")
def engine() -> RowFile:
    """The rows that have a pack of their own."""
    return next(file for file in FILES if file.pack is not None)


@pytest.fixture(params=FILES, ids=lambda file: file.name)
def file(request: pytest.FixtureRequest) -> RowFile:
    """Each file of rows."""
    found: RowFile = request.param
    return found
