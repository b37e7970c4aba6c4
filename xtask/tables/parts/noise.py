"""Sort everything that is not a letter, digit or hanzi into classes of noise."""

from . import tsv
from .han import STROKES

BREAKS = {0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029}
SPACES = {0x09, 0x20, 0xA0, 0x1680, 0x202F, 0x205F, 0x3000, *range(0x2000, 0x200B)}
BLANK_LETTERS = {0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x17B4, 0x17B5}
# Sentence ends. The ASCII full stop is absent: it stands inside names and numbers.
STOPS = {
    *map(ord, "!?。！？｡…‼⁇⁈⁉‽"), 0xFE12, 0xFE15, 0xFE16, 0xFE19, 0xFE56, 0xFE57,
    0x061F, 0x06D4, 0x0964, 0x0965, 0x1362, 0x2E2E, 0x203D, 0x166E, 0x1803, 0x1809,
}
# Voicing marks of half-width kana and other marks that Unicode calls letters.
LETTER_MARKS = {0xFF9E, 0xFF9F, 0x302E, 0x302F}
SPACING_MODIFIERS = {*range(0x2B9, 0x2C2), *range(0x2C6, 0x2D2), 0x2EC, 0x2EE}
FRACTIONS = {*range(0xBC, 0xBF), *range(0x2150, 0x2160), 0x2189}
STROKE_RADICALS = set("⼁⼂⼃⼅⺂⺃⼎⺡⺾⺿⻀⺣")
UNASSIGNED_IGNORABLE = {0x2065, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000)}
INDIC = (
    "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA",
    "MALAYALAM", "SINHALA", "MYANMAR", "KHMER", "TIBETAN", "BALINESE", "JAVANESE", "SUNDANESE",
    "LEPCHA", "LIMBU", "TAI", "NEW TAI", "CHAM", "BUGINESE", "BATAK", "SAURASHTRA", "REJANG", "MEETEI",
    "BRAHMI", "KAITHI", "CHAKMA", "SHARADA", "KHOJKI", "KHUDAWADI", "GRANTHA", "NEWA", "TIRHUTA", "SIDDHAM",
    "MODI", "TAKRI", "AHOM", "DOGRA", "NANDINAGARI", "ZANABAZAR", "SOYOMBO", "BHAIKSUKI", "MARCHEN",
    "MASARAM", "GUNJALA", "MAKASAR", "KAWI", "DIVES", "SYLOTI", "TULU", "GURUNG", "KIRAT", "TULU-TIGALARI", "VEDIC",
)
CLASSES = (
    "invisible", "combining", "private", "space", "break", "stop", "punctuation", "symbol", "stroke",
)


def classify(context, char):
    """The noise class of a character, or None."""
    code, category = ord(char), context.ucd.category(char)
    if code in BREAKS:
        return "break"
    if code in SPACES:
        return "space"
    if category == "Co":
        return "private"
    if code in LETTER_MARKS:
        return "combining"
    if code in BLANK_LETTERS or category in ("Cf", "Cc") or _ignorable(context, code):
        return "invisible"
    if category in ("Mn", "Me"):
        return "combining"
    if category == "Mc":
        return None if context.name(char).startswith(INDIC) else "combining"
    if char in STROKES or char in STROKE_RADICALS or 0x31C0 <= code <= 0x31E5:
        return "stroke"
    folded = context.folded(char)
    if folded != char and classify(context, folded[0]) is None:
        return None
    if code in STOPS:
        return "stop"
    if folded != char:
        return classify(context, folded)
    if category[0] == "P":
        return "punctuation"
    if category[0] == "S" or code in SPACING_MODIFIERS or code in FRACTIONS:
        return "symbol"
    return None


def _ignorable(context, code):
    return any(low <= code <= high for low, high in context.tr39.ignorable)


def table(context):
    classes = {ord(char): kind for char in context.assigned() if (kind := classify(context, char))}
    for code in UNASSIGNED_IGNORABLE:
        classes.setdefault(code, "invisible")
    rows = []
    for kind in CLASSES:
        codes = sorted(code for code, found in classes.items() if found == kind)
        for first, last in _runs(codes):
            if first == last:
                rows.append([kind, f"{first:04X}", _label(context, first)])
            else:
                rows.append([kind, f"{first:04X}..{last:04X}", f"{_label(context, first)} .. {_label(context, last)}"])
    header = tsv.Header(
        what=[
            "Characters that carry no letter, digit or hanzi; each is in exactly one class.",
            "One that fold.tsv also maps folds to a character of the same class.",
        ],
        columns=["class: " + ", ".join(CLASSES), "FROM or FROM..TO, hexadecimal, inclusive", "names"],
        sources=["ucd", "tr39"],
    )
    return header, rows


def _runs(codes):
    """Maximal runs of consecutive code points."""
    start = previous = None
    for code in codes:
        if previous is not None and code == previous + 1:
            previous = code
            continue
        if start is not None:
            yield start, previous
        start = previous = code
    if start is not None:
        yield start, previous


def _label(context, code):
    category = context.ucd.category(chr(code))
    return context.name(chr(code)) or {"Cc": "control", "Co": "private use"}.get(category, "unassigned")
