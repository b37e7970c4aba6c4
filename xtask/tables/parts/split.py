"""Component sequences a character can be written out as."""

from itertools import product

from . import ids, tsv
from .han import STROKES

SEQUENCE_LIMIT = 8
LENGTH = range(2, 6)
# An enclosing or running component may be written after what it holds.
REVERSIBLE = {"⿺"}
# Strokes are skipped as noise by a scan, so they cannot spell anything.
BARE_STROKES = set(STROKES) - set("氵冫艹灬")


def table(context):
    splitter = Splitter(context)
    rows = []
    for char in sorted(context.standard):
        if char in context.fold:
            continue
        sequences = splitter.sequences(char)
        if sequences:
            rows.append([char, *[" ".join(sequences)]])
    header = tsv.Header(
        what=[
            "Ways to write a standard character as its components: first level, then taken further apart,",
            "with component forms and full forms, and the split of the traditional form.",
            "Every symbol folds to itself.",
        ],
        columns=["character", "component sequences, separated by spaces, plainest first"],
        sources=["mojidata", "opencc"],
        curated=["components.tsv", "splits.tsv"],
    )
    return header, rows


class Splitter:
    def __init__(self, context):
        self.context = context
        self.library = ids.library(context)
        self.full = {row[0]: row[1] for row in context.curated("components.tsv") if row[1] != "-"}
        self.curated = {}
        for char, text, _ in context.curated("splits.tsv"):
            self.curated.setdefault(char, []).extend(text.split())
        self.traditional = {}
        for form, (target, kind) in context.han_fold.items():
            if kind == "traditional":
                self.traditional.setdefault(target, []).append(form)

    def sequences(self, char):
        found = list(dict.fromkeys(map(self.context.folded, self.curated.get(char, ()))))
        for form in [char, *sorted(self.traditional.get(char, ()))[:2]]:
            for tree in self.library.trees.get(form, ())[:1]:
                for text in self._spell(tree):
                    if text not in found:
                        found.append(text)
        return [text for text in found if text != char][:SEQUENCE_LIMIT]

    def _spell(self, tree):
        """First level, first level with one part taken apart, everything taken apart."""
        first = tree.leaves()
        plans = [first]
        deeper = [self._apart(part) for part in first]
        for place, parts in enumerate(deeper):
            if parts:
                plans.append(first[:place] + parts + first[place + 1 :])
        plans.append([leaf for part, parts in zip(first, deeper) for leaf in (parts or [part])])
        if tree.operator in REVERSIBLE and len(first) == 2:
            plans.insert(1, first[::-1])
        for plan in plans:
            yield from self._variants(plan)

    def _apart(self, char):
        for tree in self.library.trees.get(char, ())[:1]:
            if "⿻" not in tree.operator:
                return tree.leaves()
        return None

    def _variants(self, plan):
        """Component forms as they are, then one full form at a time in place of all of them."""
        if len(plan) not in LENGTH:
            return
        symbols = [self.library.usual(leaf) for leaf in plan]
        if not all(self._writable(symbol) for symbol in symbols):
            return
        yield self.context.folded("".join(symbols))
        choices = [self.full.get(symbol, symbol)[:2] for symbol in symbols]
        for spelling in product(*choices):
            yield self.context.folded("".join(spelling))

    def _writable(self, symbol):
        """Would somebody find this symbol on a keyboard?"""
        if len(symbol) != 1 or symbol in BARE_STROKES:
            return False
        return symbol in self.context.standard or symbol in self.full or (
            0x4E00 <= ord(symbol) <= 0x9FFF or 0x2E80 <= ord(symbol) <= 0x2FDF
        )
