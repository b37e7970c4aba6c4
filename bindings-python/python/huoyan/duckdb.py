"""DuckDB: SQL functions.

>>> import duckdb, huoyan.duckdb
>>> connection = duckdb.connect()
>>> huoyan.duckdb.register(connection)
>>> connection.sql("SELECT huoyan_flagged('大量Ｖ信号出售')").fetchall()
[(True,)]
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from huoyan import _schema
from huoyan._native import Ruleset

try:
    import duckdb
    import pyarrow as pa
except ImportError as error:
    raise _schema.missing("duckdb and pyarrow", "duckdb") from error

__all__ = ["register", "sql_type"]

_SPAN = '"start" INTEGER, "end" INTEGER, "text" VARCHAR'
_EVIDENCE = f"STRUCT(concept VARCHAR, {_SPAN}, means VARCHAR, disguises VARCHAR[])"
_TYPES = {
    "flagged": "BOOLEAN",
    "score": "FLOAT",
    "category": "VARCHAR",
    "findings": (
        f"STRUCT(category VARCHAR, score FLOAT, {_SPAN}, rules VARCHAR[], "
        f"evidence {_EVIDENCE}[])[]"
    ),
    "truncated": "BOOLEAN",
    "platforms": "VARCHAR[]",
    "contacts": f'STRUCT(platform VARCHAR, "value" VARCHAR, {_SPAN})[]',
    "attributes": 'STRUCT("name" VARCHAR, "value" VARCHAR)[]',
    "masked": "VARCHAR",
    "folded": "VARCHAR",
}


def sql_type(fields: Sequence[str] | None = None) -> str:
    """The SQL type of what `…_scan` gives, with these fields."""
    members = (f'"{name}" {_TYPES[name]}' for name in _schema.chosen(fields))
    return f"STRUCT({', '.join(members)})"


def register(
    connection: duckdb.DuckDBPyConnection,
    ruleset: Ruleset | None = None,
    *,
    prefix: str = "huoyan",
    fields: Sequence[str] | None = None,
) -> None:
    """Adds SQL functions on texts to a connection.

    `huoyan_scan(text)` gives a struct with `fields`, `huoyan_flagged(text)`,
    `huoyan_score(text)`, `huoyan_category(text)`, `huoyan_masked(text)` and
    `huoyan_folded(text)` give one of them. With another `prefix` several
    rulesets live side by side; with the same one the functions are replaced.

    Functions are those of the whole database, and only the connection or cursor
    that added them can replace them: another one raises `ValueError`.
    """
    chosen = _schema.chosen(fields)
    used = _schema.ruleset_or_builtin(ruleset)
    _add(connection, f"{prefix}_scan", _function(used, chosen, None), sql_type(chosen))
    for name in ("flagged", "score", "category", "masked", "folded"):
        function = _function(used, (name,), name)
        _add(connection, f"{prefix}_{name}", function, _TYPES[name])


def _function(
    ruleset: Ruleset, fields: Sequence[str], field: str | None
) -> Callable[[Any], Any]:
    names: Any = fields

    def scan(texts: Any) -> Any:
        # One array: older versions of DuckDB read the first chunk alone.
        verdicts = pa.array(ruleset.scan_arrow(texts, fields=names))
        return verdicts if field is None else verdicts.flatten()[0]

    return scan


def _add(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    function: Callable[[Any], Any],
    result: str,
) -> None:
    # DuckDB replaces no function, and has no way to ask for one.
    with contextlib.suppress(duckdb.InvalidInputException):
        connection.remove_function(name)
    # Its types are those of scalar functions.
    create: Any = connection.create_function
    try:
        create(name, function, ["VARCHAR"], result, type="arrow", null_handling="special")
    except duckdb.CatalogException as error:
        raise ValueError(
            f"the database has a function {name!r}, and this connection did not add it; "
            "register on the one that did, or with another prefix"
        ) from error
