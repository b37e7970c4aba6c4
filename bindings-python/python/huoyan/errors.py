"""What can go wrong, as classes with fields. All of them pickle."""

from __future__ import annotations

from typing import NamedTuple


class HuoyanError(ValueError):
    """The base of all errors of Huoyan."""


class Diagnostic(NamedTuple):
    """One mistake in a pack."""

    message: str
    """What is wrong."""
    label: str
    """What the marked place is, or is short of; may be empty."""
    help: str
    """What to do about it; may be empty."""
    line: int
    """Line of the place, from 1."""
    column: int
    """Column of the place in code points, from 1."""
    byte_span: tuple[int, int]
    """The place in the source, in bytes of UTF-8, end exclusive."""
    related: tuple[int, int] | None = None
    """Another place that it is about: the first of two definitions, unless that is another
    pack's. In bytes of UTF-8, end exclusive."""


class PackError(HuoyanError):
    """A pack that cannot be compiled. `str()` shows each mistake with its line.

    >>> import huoyan
    >>> try:
    ...     huoyan.Ruleset.compile("format = 1\\ncolour = 3\\n")
    ... except huoyan.PackError as error:
    ...     (error.line, error.column)
    (2, 1)
    """

    source: str
    """The name of the source."""
    diagnostics: tuple[Diagnostic, ...]
    """The mistakes, in the order of the source; at least one."""

    def __init__(
        self,
        report: str,
        source: str,
        diagnostics: list[
            tuple[
                tuple[str, str, str],
                tuple[int, int],
                tuple[int, int],
                tuple[int, int] | None,
            ]
        ],
    ) -> None:
        super().__init__(report, source, diagnostics)
        self.report = report
        self.source = source
        self.diagnostics = tuple(
            Diagnostic(*text, *place, byte_span, related)
            for text, place, byte_span, related in diagnostics
        )

    @property
    def message(self) -> str:
        """What is wrong first."""
        return self.diagnostics[0].message

    @property
    def line(self) -> int:
        """Line of the first mistake, from 1."""
        return self.diagnostics[0].line

    @property
    def column(self) -> int:
        """Column of the first mistake in code points, from 1."""
        return self.diagnostics[0].column

    def __str__(self) -> str:
        return self.report


class LoadError(HuoyanError):
    """Bytes that cannot be loaded as a compiled ruleset."""

    def __init__(
        self,
        message: str,
        kind: str,
        source: str,
        found: int | None = None,
        wanted: int | None = None,
    ) -> None:
        super().__init__(message, kind, source, found, wanted)
        self.message = message
        """What is wrong and what to do about it."""
        self.kind = kind
        """`not-a-ruleset`, `version`, `layout`, `length`, `checksum` or `damaged`."""
        self.source = source
        """The file's name, or `bytes`."""
        self.found = found
        """The format version, the number of the layout or the length in bytes that was
        found."""
        self.wanted = wanted
        """The one that would have been right."""

    def __str__(self) -> str:
        return f"{self.source}: {self.message}"


class VersionError(HuoyanError):
    """A pickle of the built-in ruleset that another version of Huoyan wrote."""

    def __init__(self, pickled: tuple[str, str], here: tuple[str, str]) -> None:
        super().__init__(pickled, here)
        self.pickled = pickled
        """Id and version of the pack that was pickled."""
        self.here = here
        """Id and version of the pack that is built in here."""

    def __str__(self) -> str:
        pickled, here = " ".join(self.pickled), " ".join(self.here)
        return (
            f"the pickle is of the built-in ruleset {pickled}, and here is {here}; "
            "install the same huoyan on both sides, or pickle "
            "Ruleset.from_bytes(ruleset.to_bytes()), which carries its rules along"
        )


class TextError(HuoyanError):
    """A string with half of a surrogate pair, which is no Unicode text."""

    def __init__(
        self,
        position: int,
        code_point: int,
        index: int | None = None,
        replaceable: bool = True,
    ) -> None:
        super().__init__(position, code_point, index, replaceable)
        self.position = position
        """Where in the string, in code points."""
        self.code_point = code_point
        """The surrogate."""
        self.index = index
        """Which string of a list or row of a series, if there was one."""
        self.replaceable = replaceable
        """Whether what raised takes `errors="replace"`."""

    def __str__(self) -> str:
        which = "the text" if self.index is None else f"texts[{self.index}]"
        what = (
            f"{which} has a lone surrogate, U+{self.code_point:04X}, at {self.position}"
        )
        if self.replaceable:
            return f"{what}; with errors='replace' it is read as U+FFFD"
        return f"{what}; write the whole character, or leave it out"
