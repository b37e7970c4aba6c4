"""Join the letter and Han folds into one map whose targets are fixed points."""

from collections import defaultdict

from . import tsv

KINDS = (
    "case", "width", "style", "enclosed", "digit", "diacritic", "homoglyph",
    "traditional", "variant", "compatibility", "radical",
)
TARGET_LIMIT = 4
STEP_LIMIT = 8


def build(context):
    first = {**context.letter_fold, **context.han_fold}
    for char in sorted(first):
        target = _settle(char, first)
        if target != char and len(target) <= TARGET_LIMIT:
            context.fold[char] = (target, first[char][1])


def _settle(char, first):
    """Follow the map until nothing changes."""
    text = char
    for _ in range(STEP_LIMIT):
        step = "".join(first[part][0] if part in first else part for part in text)
        if step == text:
            return text
        text = step
    raise ValueError(f"the fold of U+{ord(char):04X} does not settle: {text!r}")


def table(context):
    groups = defaultdict(list)
    for char, (target, kind) in context.fold.items():
        groups[target, kind].append(char)
    rows = []
    for target, kind in sorted(groups, key=lambda group: (group[0], KINDS.index(group[1]))):
        chars = sorted(groups[target, kind])
        rows.append([target, kind, tsv.hexes(chars), "".join(chars)])
    header = tsv.Header(
        what=[
            "Text-side folds: every source has exactly one target, and a target folds to itself.",
            "A full-width or small form of an ASCII sign is listed here and in noise.tsv.",
        ],
        columns=["target", "kind: " + ", ".join(KINDS), "source code points (hexadecimal)", "the sources"],
        sources=["ucd", "tr39", "opencc", "mojidata"],
        curated=["letters.tsv", "variants.tsv", "components.tsv", "keep.tsv"],
    )
    return header, rows
