import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal, Protocol, final, overload

__all__ = [
    "Contact",
    "Evidence",
    "Explanation",
    "Finding",
    "FiredRule",
    "Hit",
    "NearMiss",
    "Place",
    "PlacePart",
    "Ruleset",
    "Verdict",
    "VerdictArray",
    "__version__",
    "main",
    "restore_builtin",
    "restore_part",
    "restore_ruleset",
    "restore_verdict",
]

__version__: Final[str]

_Errors = Literal["strict", "replace"]
_Category = Literal[
    "account_trade",
    "assisted_registration",
    "assisted_unblocking",
    "contact_solicitation",
]
_Field = Literal[
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
]

class _ArrowArray(Protocol):
    def __arrow_c_array__(self, requested_schema: Any = None) -> Any: ...

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

@final
class Ruleset:
    """A compiled pack: immutable, shared between threads.

    Pickles by name and version if it is the built-in one, and by its bytes
    otherwise.
    """

    @classmethod
    def builtin(cls, *, threshold: float | None = None) -> Ruleset:
        """The built-in ruleset, `wechat-trade`."""

    @classmethod
    def compile(
        cls, source: str, *, name: str = "pack.toml", threshold: float | None = None
    ) -> Ruleset:
        """Compiles a pack from its TOML source; `name` is for error messages.

        Raises `PackError`.
        """

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], *, threshold: float | None = None
    ) -> Ruleset:
        """Loads a file: a pack's TOML, or what `huoyan compile` made of it.

        Raises `OSError`, `PackError` or `LoadError`.
        """

    @classmethod
    def from_bytes(cls, data: bytes, *, threshold: float | None = None) -> Ruleset:
        """Loads what `to_bytes` gave. Raises `LoadError`; no bytes crash."""

    def to_bytes(self) -> bytes:
        """The compiled ruleset, for a file or another machine."""

    def with_threshold(self, threshold: float) -> Ruleset:
        """The same rules with another threshold, 0 to 100."""

    @property
    def id(self) -> str:
        """The pack's id."""

    @property
    def version(self) -> str:
        """The pack's version."""

    @property
    def threshold(self) -> float:
        """Score from which a finding counts, 0 to 100."""

    @property
    def concepts(self) -> tuple[str, ...]:
        """The names of the concepts."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the rules."""

    @property
    def platforms(self) -> tuple[str, ...]:
        """The names of the platforms that texts may name."""

    def scan(self, text: str, *, errors: _Errors = "strict") -> Verdict:
        """Scans one text.

        A lone surrogate in it raises `TextError`, or is read as U+FFFD with
        `errors="replace"`; positions stay those of `text`.
        """

    def is_flagged(self, text: str, *, errors: _Errors = "strict") -> bool:
        """Whether any category reaches the threshold."""

    def fold(self, text: str, *, errors: _Errors = "strict") -> str:
        """The text as the rules see it: its plain form."""

    def mask(self, text: str, *, errors: _Errors = "strict") -> str:
        """The text with findings and contacts masked by `*`.

        However many there are, a scan of what comes out finds nothing that could
        still be masked.
        """

    def explain(self, text: str, *, errors: _Errors = "strict") -> Explanation:
        """Everything that a scan sees: for people, not for speed."""

    @overload
    def scan_batch(
        self,
        texts: Iterable[str],
        *,
        threads: int = 1,
        progress: bool = False,
        errors: _Errors = "strict",
    ) -> list[Verdict]:
        """Scans a list of texts, while other Python threads run.

        `threads=0` is one thread for each core. Ctrl-C ends it. `None`, NaN,
        `pandas.NA` and `NaT` are texts that are missing, and give `None`; what else is
        no `str` raises `TypeError` with its index. So does a mapping or a frame: what
        they give one by one are keys or names.
        """
    @overload
    def scan_batch(
        self,
        texts: Iterable[str | None],
        *,
        threads: int = 1,
        progress: bool = False,
        errors: _Errors = "strict",
    ) -> list[Verdict | None]: ...
    @overload
    def is_flagged_batch(
        self,
        texts: Iterable[str],
        *,
        threads: int = 1,
        progress: bool = False,
        errors: _Errors = "strict",
    ) -> list[bool]:
        """`is_flagged` for a list of texts, as `scan_batch` works."""
    @overload
    def is_flagged_batch(
        self,
        texts: Iterable[str | None],
        *,
        threads: int = 1,
        progress: bool = False,
        errors: _Errors = "strict",
    ) -> list[bool | None]: ...
    @overload
    def scan_iter(
        self,
        texts: Iterable[str],
        *,
        chunk: int | None = None,
        threads: int = 1,
        errors: _Errors = "strict",
    ) -> Iterator[Verdict]:
        """Scans texts while they come: an iterator that gives the verdict on each in turn.

        For what is too long for a list, or has no end. Texts are taken when verdicts are
        asked for, `chunk` of them at a time, and fewer where they are long: none after
        32 MiB of UTF-8. That bounds the memory, and is how long the first verdict waits: a
        feed that gives a text now and then wants `chunk=1`. From 1 to 1,048,576; unless told
        it is 4,096, and with several threads 8,192 for each, up to 131,072.

        Missing texts, `threads` and `errors` are as in `scan_batch`. An error, of a text
        (with its index among all of them) or of the iterable, is raised in its place,
        after the verdicts on the texts before it, and ends the iterator. Ctrl-C is raised
        at once and ends nothing: what was taken is still to come.
        """
    @overload
    def scan_iter(
        self,
        texts: Iterable[str | None],
        *,
        chunk: int | None = None,
        threads: int = 1,
        errors: _Errors = "strict",
    ) -> Iterator[Verdict | None]: ...
    def scan_arrow(
        self,
        data: _ArrowArray | _ArrowStream,
        *,
        fields: Sequence[_Field] | None = (
            "flagged",
            "score",
            "category",
            "findings",
            "truncated",
        ),
        threads: int = 1,
        progress: bool = False,
    ) -> VerdictArray:
        """Scans a column of strings in any Arrow layout, without copying it.

        The result has a struct for each row, null where the text is. Spans in
        it are code points.

        A row whose offsets, view or dictionary index leads out of the column raises
        `ValueError`; nothing is read from there. What Arrow's C interface does not tell
        is taken on trust: that buffers are as long as the number of rows asks and, for
        `string` and `large_string`, that the texts reach as far as the last offset.
        Have data from strangers checked by what reads it, in pyarrow with
        `validate(full=True)`.
        """

    def __copy__(self) -> Ruleset: ...
    def __deepcopy__(self, _memo: Any) -> Ruleset: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Verdict:
    """What a text comes to.

    `bool(verdict)` is `verdict.flagged`. A verdict that is not flagged is false, as the
    `None` of a missing text is: `verdict is None` tells them apart.
    """

    @property
    def text(self) -> str:
        """The text that was scanned."""

    @property
    def score(self) -> float:
        """The highest score of any place, 0 to 100, whether or not it counts."""

    @property
    def flagged(self) -> bool:
        """Whether any finding reaches the threshold."""

    @property
    def category(self) -> _Category | None:
        """The category of the finding with the highest score."""

    @property
    def platforms(self) -> tuple[str, ...]:
        """Every platform that the text names, flagged or not."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that reach the threshold, in the order of the text."""

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The identifiers that the text gives, in its order."""

    @property
    def attributes(self) -> dict[str, tuple[str, ...]]:
        """What is said of the offer, with its values; none where a word alone tells."""

    @property
    def truncated(self) -> bool:
        """Whether a limit cut the result."""

    def to_dict(self) -> dict[str, Any]:
        """The verdict as plain data, by the names of the JSON output."""

    def _repr_html_(self) -> str: ...
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Finding:
    """A place in a text where rules of one category fired."""

    @property
    def category(self) -> _Category:
        """What is offered."""

    @property
    def score(self) -> float:
        """The score of the place, 0 to 100."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """End, exclusive, in code points: `verdict.text[start:end] == text`."""

    @property
    def span(self) -> tuple[int, int]:
        """`(start, end)`."""

    @property
    def byte_span(self) -> tuple[int, int]:
        """The span in bytes of the text's UTF-8, end exclusive."""

    @property
    def text(self) -> str:
        """The place as it is written."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that fired, the strongest first."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The concepts seen, in the order of the text."""

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Evidence:
    """A concept seen at a span of a text."""

    @property
    def concept(self) -> str:
        """The concept's name."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """End, exclusive, in code points."""

    @property
    def span(self) -> tuple[int, int]:
        """`(start, end)`."""

    @property
    def byte_span(self) -> tuple[int, int]:
        """The span in bytes of the text's UTF-8, end exclusive."""

    @property
    def text(self) -> str:
        """The place as it is written."""

    @property
    def means(self) -> str:
        """The plain spelling."""

    @property
    def disguises(self) -> tuple[str, ...]:
        """The kinds of disguise that it wore."""

    def to_dict(self) -> dict[str, Any]:
        """The evidence as plain data."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Contact:
    """An account identifier that a text gives."""

    @property
    def platform(self) -> str:
        """A platform of the pack, `phone`, `url` or `unknown`."""

    @property
    def value(self) -> str:
        """The identifier undisguised."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """End, exclusive, in code points."""

    @property
    def span(self) -> tuple[int, int]:
        """`(start, end)`."""

    @property
    def byte_span(self) -> tuple[int, int]:
        """The span in bytes of the text's UTF-8, end exclusive."""

    @property
    def text(self) -> str:
        """The identifier as it is written."""

    def to_dict(self) -> dict[str, Any]:
        """The contact as plain data."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class Explanation:
    """Everything that a scan of one text saw."""

    @property
    def text(self) -> str:
        """The text that was scanned."""

    @property
    def folded(self) -> str:
        """The text after folding."""

    @property
    def verdict(self) -> Verdict:
        """What the text comes to."""

    @property
    def threshold(self) -> float:
        """Score from which a finding counts."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Every hit, whether or not a rule used it."""

    @property
    def fired(self) -> tuple[FiredRule, ...]:
        """Rules that fired, each as often as it did."""

    @property
    def near_misses(self) -> tuple[NearMiss, ...]:
        """Rules that nearly fired, with what kept them from it."""

    @property
    def places(self) -> tuple[Place, ...]:
        """How the score of each place came about, whether or not it counts."""

    @property
    def truncated(self) -> bool:
        """Whether a limit cut what is told."""

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain data."""

    def _repr_html_(self) -> str: ...

@final
class Hit:
    """A concept seen at a span, whether or not a rule used it."""

    @property
    def concept(self) -> str:
        """The concept's name."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """End, exclusive, in code points."""

    @property
    def span(self) -> tuple[int, int]:
        """`(start, end)`."""

    @property
    def byte_span(self) -> tuple[int, int]:
        """The span in bytes of the text's UTF-8, end exclusive."""

    @property
    def text(self) -> str:
        """The place as it is written."""

    @property
    def means(self) -> str:
        """The plain spelling, or what the pattern read."""

    @property
    def disguises(self) -> tuple[str, ...]:
        """The kinds of disguise that it wore."""

    @property
    def risk(self) -> float:
        """What they cost, in log-odds."""

    def to_dict(self) -> dict[str, Any]:
        """The hit as plain data."""

@final
class FiredRule:
    """A rule that fired."""

    @property
    def rule(self) -> str:
        """The rule's name."""

    @property
    def category(self) -> _Category:
        """The category that it speaks for."""

    @property
    def weight(self) -> float:
        """What it adds, in log-odds."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """End, exclusive, in code points."""

    @property
    def span(self) -> tuple[int, int]:
        """`(start, end)`."""

    @property
    def byte_span(self) -> tuple[int, int]:
        """The span in bytes of the text's UTF-8, end exclusive."""

    @property
    def text(self) -> str:
        """From the first to the last hit, as it is written."""

    def to_dict(self) -> dict[str, Any]:
        """The rule as plain data."""

@final
class NearMiss:
    """A rule that nearly fired."""

    @property
    def rule(self) -> str:
        """The rule's name."""

    @property
    def category(self) -> _Category:
        """The category that it speaks for."""

    @property
    def reason(self) -> str:
        """What kept it from firing, for people: `lacks account`."""

    @property
    def kind(self) -> Literal["lacks", "lacks-any", "apart", "forbidden"]:
        """What kept it from firing.

        `lacks`: its one of `concepts` was not seen. `lacks-any`: none of `concepts`
        was, and one of them is needed. `apart`: its concepts were seen further apart
        than `within`. `forbidden`: the one of `concepts` must not be near.
        """

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts that were missing, or must not be near; none for `apart`."""

    @property
    def within(self) -> int | None:
        """How many symbols its concepts may be apart, for `apart`."""

    def to_dict(self) -> dict[str, Any]:
        """The rule as plain data."""

@final
class Place:
    """A place where rules of one category fired, with the account of its score.

    `bias`, the weight and risk of each of the `parts`, and `cut` add up to
    `log_odds`.
    """

    @property
    def category(self) -> _Category:
        """The category of the rules."""

    @property
    def score(self) -> float:
        """The log-odds as a score, 0 to 100."""

    @property
    def flagged(self) -> bool:
        """Whether the score reaches the threshold."""

    @property
    def bias(self) -> float:
        """The log-odds that every place starts with."""

    @property
    def parts(self) -> tuple[PlacePart, ...]:
        """What each rule added, those that speak for the category first."""

    @property
    def cut(self) -> float:
        """What saturation took from what the rules gained, zero or less."""

    @property
    def log_odds(self) -> float:
        """The sum."""

    @property
    def start(self) -> int:
        """First code point."""

    @property
    def end(self) -> int:
        """End, exclusive, in code points."""

    @property
    def span(self) -> tuple[int, int]:
        """`(start, end)`."""

    @property
    def byte_span(self) -> tuple[int, int]:
        """The span in bytes of the text's UTF-8, end exclusive."""

    @property
    def text(self) -> str:
        """From the first to the last piece of evidence, as it is written."""

    def to_dict(self) -> dict[str, Any]:
        """The place as plain data."""

@final
class PlacePart:
    """What one rule added to a place."""

    @property
    def rule(self) -> str:
        """The rule's name."""

    @property
    def weight(self) -> float:
        """Its weight, in log-odds."""

    @property
    def risk(self) -> float:
        """What the disguises of its evidence cost; what several use is paid once."""

    def to_dict(self) -> dict[str, Any]:
        """The part as plain data."""

@final
class VerdictArray:
    """Verdicts on a column, as an Arrow column of structs.

    Whatever reads Arrow takes it: `pyarrow.chunked_array(verdicts)`,
    `polars.Series(verdicts)` …; `to_table` makes it a table.
    """

    @property
    def fields(self) -> tuple[str, ...]:
        """The struct's fields."""

    @property
    def num_chunks(self) -> int:
        """In how many arrays the column is."""

    def to_table(self) -> Any:
        """A `pyarrow.Table` with a column for each field, null where the text is.

        Needs pyarrow, whose own `pyarrow.table(verdicts)` refuses a column with nulls.
        """

    def __len__(self) -> int: ...
    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...
    def __arrow_c_schema__(self) -> Any: ...

def main(arguments: list[str]) -> int:
    """Runs the program `huoyan` with these arguments, the first being its own name.

    It uses the standard streams of the process. Gives the exit status.
    """

def restore_builtin(id: str, version: str, checksum: int, threshold: float) -> Ruleset:
    """The built-in ruleset, if it is still the one that was pickled."""

def restore_ruleset(data: bytes, threshold: float) -> Ruleset:
    """A ruleset from its pickled bytes."""

def restore_verdict(text: str, state: bytes) -> Verdict:
    """A verdict from its pickled state."""

def restore_part(
    verdict: Verdict, kind: str, place: int, within: int
) -> Finding | Evidence | Contact:
    """The finding, evidence or contact of a verdict at a place."""
