"""Ideographic description sequences as trees of components."""

from dataclasses import dataclass

ARITY = {"⿲": 3, "⿳": 3, "⿾": 1, "⿿": 1, "〾": 1}
BINARY = set("⿰⿱⿴⿵⿶⿷⿸⿹⿺⿻⿼⿽㇯")
# Component code points that only IDS use, as the ones a text would hold.
USUAL = {"𥫗": "竹", "𤣩": "王", "𧾷": "足", "龵": "手", "𦍌": "羊", "⺼": "月", "𩙿": "饣", "飠": "饣",
         "訁": "讠", "釒": "钅", "糹": "纟", "𠆢": "人", "⺈": "刀", "䒑": "丷"}


@dataclass
class Node:
    operator: str  # empty for a leaf
    parts: tuple  # of Node
    char: str = ""

    def leaves(self):
        if not self.operator:
            return [self.char]
        return [leaf for part in self.parts for leaf in part.leaves()]


class Unencoded(ValueError):
    """The sequence names a component that has no code point."""


def parse(text):
    """The tree of one IDS; raises Unencoded for private or unknown components."""
    node, rest = _node(text)
    if rest:
        raise Unencoded(text)
    return node


def _node(text):
    if not text:
        raise Unencoded("short")
    head, rest = text[0], text[1:]
    count = ARITY.get(head, 2 if head in BINARY else 0)
    if not count:
        if head in "？?{}①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳&" or head < "\x80":
            raise Unencoded(text)
        return Node("", (), head), rest
    parts = []
    for _ in range(count):
        part, rest = _node(rest)
        parts.append(part)
    if head in "〾⿾⿿㇯":  # a variation, mirror, rotation or subtraction is not the thing itself
        raise Unencoded(text)
    return Node(head, tuple(parts)), rest


class Library:
    """Trees per character, in the order of the source (mainland form first)."""

    def __init__(self, context):
        self.context = context
        self.trees = {}
        for char, texts in context.moji.ids().items():
            found = []
            for text in texts:
                try:
                    tree = parse(text)
                except Unencoded:
                    continue
                if tree.operator and tree not in found:
                    found.append(tree)
            self.trees[char] = found
        self._inside = {}

    def usual(self, char):
        """The standard form of a component; forms only dictionaries relate stay as drawn."""
        char = USUAL.get(char, char)
        if char in self.context.fold and char not in self.context.learned:
            return self.context.fold[char][0]
        return char

    def first_level(self, char):
        """All components named directly by any IDS of the character."""
        return {self.usual(leaf) for tree in self.trees.get(char, ()) for leaf in tree.leaves()} - {char}

    def components(self, char, levels=2):
        """Components down to the given number of levels."""
        key = char, levels
        if key not in self._inside:
            found = set()
            for tree in self.trees.get(char, ()):
                for leaf in tree.leaves():
                    found.add(self.usual(leaf))
                    if levels > 1 and leaf != char:
                        found |= self.components(leaf, levels - 1)
            found.discard(char)
            self._inside[key] = found
        return self._inside[key]


def library(context):
    if not hasattr(context, "ids"):
        context.ids = Library(context)
    return context.ids
