"""What the adapters for hosts share."""

from __future__ import annotations

from collections.abc import Sequence

from huoyan._native import Ruleset

Field = str

FIELDS = (
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
"""Every field that a verdict can have, in the order in which columns have them."""

DEFAULT_FIELDS = FIELDS[:5]
"""Those that it has unless others are asked for."""


def chosen(fields: Sequence[str] | None) -> tuple[str, ...]:
    """The fields in their order.

    Raises `ValueError` for a name that is none.
    """
    if fields is None:
        return DEFAULT_FIELDS
    if isinstance(fields, str):
        raise TypeError(f"fields is a list of names; write fields=[{fields!r}]")
    unknown = [name for name in fields if name not in FIELDS]
    if unknown:
        raise ValueError(f"no field {unknown[0]!r}; the fields are {', '.join(FIELDS)}")
    if not fields:
        raise ValueError("fields is empty; name one field at least")
    return tuple(name for name in FIELDS if name in fields)


def ruleset_or_builtin(ruleset: Ruleset | None) -> Ruleset:
    """The ruleset, or the built-in one.

    Raises `TypeError` for what is none: a host might run it much later.
    """
    if ruleset is None:
        return Ruleset.builtin()
    given: object = ruleset
    if not isinstance(given, Ruleset):
        raise TypeError(
            f"ruleset must be a huoyan.Ruleset, not {type(given).__name__}; "
            "huoyan.Ruleset.load(path) reads one from a file"
        )
    return ruleset


def missing(host: str, extra: str | None = None, what: str | None = None) -> ImportError:
    """The error for a host that is not installed."""
    extra = extra or host
    what = what or f"huoyan.{extra}"
    return ImportError(f"{what} needs {host}: pip install 'huoyan[{extra}]'")
