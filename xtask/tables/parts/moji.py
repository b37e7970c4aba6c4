"""Queries on the mojidata database: readings, variants, IDS, the 8,105 table."""

import re
import sqlite3
import unicodedata
from collections import defaultdict

# Variant lists, from the most to the least authoritative. Each entry is
# (table, column of the character, column of the character it stands for).
TRUSTED = (
    ("kdpv_dypytz/variant", "object", "subject"),
    ("kdpv_cjkvi/duplicate", "object", "subject"),
    ("kdpv_cjkvi/duplicate", "subject", "object"),
    ("kdpv_ucs-scs/variant", "object", "subject"),
    ("kdpv_ucs-scs/variant", "subject", "object"),
    ("kdpv_jp/old-style", "subject", "object"),
    ("kdpv_jp/old-style", "object", "subject"),
    ("kdpv_joyo/variant", "object", "subject"),
    ("kdpv_joyo/variant", "subject", "object"),
)
# Independent learned lists; each entry is the tables of one compiler.
LEARNED = tuple(
    tuple((table, *columns) for table in tables for columns in (("subject", "object"), ("object", "subject")))
    for tables in (
        ("kdpv_hydzd/variant",),
        ("kdpv_cjkvi/variant",),
        ("kdpv_twedu/variant",),
        ("kdpv_jisx0212/variant", "kdpv_jisx0213/variant"),
    )
)


class Moji:
    def __init__(self, path):
        self.db = sqlite3.connect(path.as_uri() + "?mode=ro&immutable=1", uri=True)
        rows = self.db.execute("SELECT 序号, 规范字 FROM tghb ORDER BY 序号")
        self.standard = {char: int(rank) for rank, char in rows}

    def pairs(self, table, column, other):
        """(char, char) rows of a variant table, variation selectors dropped."""
        for left, right in self.db.execute(f'SELECT "{column}", "{other}" FROM "{table}"'):
            left, right = _bare(left), _bare(right)
            if left and right and left != right:
                yield left, right

    def unihan_variants(self, field):
        """(char, target) rows of a Unihan variant field, sources stripped."""
        for char, value in self.db.execute(f"SELECT UCS, value FROM unihan_{field}"):
            for code in re.findall(r"U\+([0-9A-F]{4,6})", value):
                if chr(int(code, 16)) != char:
                    yield char, chr(int(code, 16))

    def standard_variants(self):
        """(traditional or variant form, standard form, is it the traditional form)."""
        query = "SELECT 规范字, 繁体字, 异体字 FROM tghb_variants"
        for standard, traditional, variant in self.db.execute(query):
            for form in {traditional, variant} - {standard, ""}:
                if len(form) == 1:
                    yield form, standard, form == traditional

    def radical_equivalents(self):
        query = "SELECT radical_character, radical_CJKUI FROM radeqv WHERE radical_CJKUI IS NOT NULL"
        return dict(self.db.execute(query))

    def strokes(self):
        rows = self.db.execute("SELECT UCS, value FROM unihan_kTotalStrokes")
        return {char: int(value.split()[0]) for char, value in rows}

    def radical_characters(self):
        """Every unified ideograph that is itself a radical, in any of its forms."""
        return {row[0] for row in self.db.execute("SELECT radical_CJKUI FROM radeqv WHERE radical_CJKUI IS NOT NULL")}

    def ids(self):
        """char -> IDS strings, the mainland form first."""
        found = defaultdict(list)
        for char, source, ids in self.db.execute("SELECT UCS, source, IDS FROM ids ORDER BY rowid"):
            found[char].append(("G" not in source, ids))
        return {char: [ids for _, ids in sorted(rows, key=lambda row: row[0])] for char, rows in found.items()}

    def standard_readings(self):
        """char of the 8,105 table -> toneless syllables (kTGHZ2013)."""
        return self._readings("kTGHZ2013")

    def rare_readings(self):
        """Any char -> toneless syllables of the three dictionary fields."""
        merged = defaultdict(list)
        for field in ("kMandarin", "kXHC1983", "kHanyuPinyin"):
            for char, syllables in self._readings(field).items():
                for syllable in syllables:
                    if syllable not in merged[char]:
                        merged[char].append(syllable)
        return merged

    def _readings(self, field):
        found = {}
        for char, value in self.db.execute(f"SELECT UCS, value FROM unihan_{field}"):
            syllables = []
            for item in value.split():
                for reading in item.rpartition(":")[2].split(","):
                    syllable = toneless(reading)
                    if syllable and syllable not in syllables:
                        syllables.append(syllable)
            if syllables:
                found[char] = syllables
        return found


def toneless(reading):
    """`lǜ` -> `lv`; empty for interjections without a vowel."""
    kept = []
    for char in unicodedata.normalize("NFD", reading.lower().replace("ê", "ei")):
        if char == "\u0308":
            kept[-1] = "v"
        elif char == "\u0302":  # ê, in whatever order its marks come
            kept.append("i")
        elif "a" <= char <= "z":
            kept.append(char)
    syllable = "".join(kept)
    if not re.search("[aeiouv]", syllable):
        return ""
    return syllable


def _bare(text):
    kept = [char for char in text if not 0xFE00 <= ord(char) <= 0xFE0F and not 0xE0100 <= ord(char) <= 0xE01EF]
    return kept[0] if len(kept) == 1 else ""
