"""What the builders share: opened sources, curated files, and the fold map."""

import sys

from . import moji, opencc, tr39, tsv


class Context:
    def __init__(self, sources, curated):
        self.sources = sources
        self.curated_dir = curated
        # unicodedata2 is a compiled module, pypinyin a plain package.
        for name in ("ucd", "pypinyin"):
            sys.path.insert(0, str(sources[name].root))
        import unicodedata2

        self.ucd = unicodedata2
        self.moji = moji.Moji(sources["mojidata"].root / "package" / "dist" / "moji.db")
        self.opencc = opencc.load(sources["opencc"].root / "package" / "data")
        self.tr39 = tr39.load(sources["tr39"].root / "src" / "tables.rs")
        self.standard = self.moji.standard  # char -> rank in the 8,105 table
        self.words = None
        # Filled by letters.build, han.build and fold.build.
        self.letter_fold = {}  # char -> (target, kind)
        self.han_fold = {}
        self.han_choices = {}  # char -> ordered possible targets
        self.learned = set()  # folded on the word of dictionaries, not of an official list
        self.fold = {}

    def curated(self, name):
        return tsv.read_curated(self.curated_dir / name)

    def name(self, char):
        return self.ucd.name(char, "")

    def folded(self, text):
        """Text after the universal fold."""
        return "".join(self.fold[char][0] if char in self.fold else char for char in text)

    def assigned(self):
        """Every assigned character except surrogates, in code point order."""
        category = self.ucd.category
        for code in range(0x110000):
            if 0xD800 <= code <= 0xDFFF:
                continue
            char = chr(code)
            if category(char) != "Cn":
                yield char

    def is_han(self, char):
        return is_han(char)


HAN_RANGES = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF), (0x2EBF0, 0x2EE5D),
    (0x323B0, 0x33479), (0xFA0E, 0xFA0F), (0xFA11, 0xFA11), (0xFA13, 0xFA14),
    (0xFA1F, 0xFA1F), (0xFA21, 0xFA21), (0xFA23, 0xFA24), (0xFA27, 0xFA29),
)


def is_han(char):
    """A unified ideograph (compatibility ideographs are not)."""
    code = ord(char)
    if 0x2F800 <= code <= 0x2FA1F:
        return False
    return any(low <= code <= high for low, high in HAN_RANGES)
