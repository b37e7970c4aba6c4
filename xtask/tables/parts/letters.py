"""Fold every styled, enclosed, accented or look-alike letter and digit to ASCII.

Each rule below answers one question about one character; the first rule that
answers decides both the target and the kind. Han targets of enclosed
characters are left to `fold`, which joins this map with the Han map.
"""

import re

from .context import is_han

# Scripts whose letters are never read as Latin look-alikes.
NOT_ALPHABETIC = (
    "CJK", "KANGXI", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "YI ", "HALFWIDTH",
    "FULLWIDTH", "IDEOGRAPHIC", "HENTAIGANA", "TANGUT", "KHITAN", "NUSHU", "CUNEIFORM",
    "EGYPTIAN", "ANATOLIAN", "LINEAR", "VERTICAL", "MASU",
)
# Scripts in which the small letter is drawn as a small capital.
SMALL_CAPITALS = ("CHEROKEE", "COPTIC", "DESERET", "OSAGE", "WARANG CITI", "GLAGOLITIC", "OLD HUNGARIAN")
NUMBERS = {
    name: str(value)
    for value, name in enumerate(
        "ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN "
        "FIFTEEN SIXTEEN SEVENTEEN EIGHTEEN NINETEEN TWENTY".split()
    )
}
ASCII_WORD = re.compile(r"[a-z0-9]{1,4}\Z")
KANA = re.compile(r"[\u3041-\u30FF]\Z")


def build(context):
    letters = Letters(context)
    for char in context.assigned():
        answer = letters.fold(char)
        if answer and answer[0] != char:
            context.letter_fold[char] = answer


class Letters:
    def __init__(self, context):
        self.ucd = context.ucd
        self.name = context.name
        self.prototype = context.tr39.prototype
        self.curated = {}
        for target, sources, kind, _ in context.curated("letters.tsv"):
            for source in sources.split():
                self.curated[source] = None if target == "-" else (target, kind)
        self.memo = {}

    def fold(self, char):
        """(target, kind), or None for a character that stays as it is."""
        if char not in self.memo:
            self.memo[char] = None  # cuts cycles such as upper/lower pairs
            self.memo[char] = self._decide(char)
        return self.memo[char]

    def _decide(self, char):
        if char in self.curated:
            return self.curated[char]
        if char < "\x80":
            return (char.lower(), "case") if char.isupper() else None
        for rule in (self._width, self._enclosed, self._digit, self._styled, self._accent,
                     self._look_alike, self._case):
            answer = rule(char)
            if answer:
                return answer
        return None

    def _text(self, text):
        """Fold a decomposition; None unless it ends as ASCII, kana or one hanzi."""
        folded = "".join((self.fold(char) or (char,))[0] for char in text)
        if ASCII_WORD.match(folded) or KANA.match(folded) or (len(folded) == 1 and is_han(folded)):
            return folded
        return None

    def _decomposition(self, char):
        """(tag, text); the tag is empty for a canonical decomposition."""
        raw = self.ucd.decomposition(char)
        if not raw:
            return "", ""
        tag, _, codes = raw.rpartition(">") if raw.startswith("<") else ("", "", raw)
        return tag.lstrip("<"), "".join(chr(int(code, 16)) for code in codes.split())

    # -- the rules -----------------------------------------------------------

    def _width(self, char):
        tag, text = self._decomposition(char)
        if tag not in ("wide", "narrow", "small") or len(text) != 1:
            return None
        if text == " " or self.name(char).startswith("HALFWIDTH HANGUL") or self.ucd.category(text) == "Mn":
            return None
        inner = self.fold(text)
        return (inner[0] if inner else text), "width"

    def _enclosed(self, char):
        name, (tag, text) = self.name(char), self._decomposition(char)
        word = re.match(
            r"(?:NEGATIVE |CROSSED |DOUBLE |DINGBAT |TORTOISE SHELL BRACKETED |ITALIC |SANS-SERIF )*"
            r"(?:(?:CIRCLED|SQUARED|PARENTHESIZED|NEGATIVE|BRACKETED|RAISED) )?(?:ITALIC |SANS-SERIF )*"
            r"(?:(?:LATIN|REGIONAL INDICATOR SYMBOL) )?(?:CAPITAL |SMALL )?(?:LETTER |DIGIT |NUMBER )"
            r"([A-Z]+|[A-Z]+-[A-Z]+)(?: FULL STOP| COMMA)?\Z",
            name,
        )
        if word and self.ucd.category(char) in ("So", "No") and tag not in ("super", "sub", "font"):
            spelled = word.group(1)
            if len(spelled) == 1:
                return spelled.lower(), "enclosed"
            if spelled in NUMBERS:
                return NUMBERS[spelled], "enclosed"
        squared = re.match(r"(?:NEGATIVE )?SQUARED ([A-Z]{2,4})\Z", name)
        if squared and 0x1F130 <= ord(char) <= 0x1F1FF:
            return squared.group(1).lower(), "enclosed"
        if tag in ("circle", "square") or (tag == "compat" and text[:1] in "(〔" and len(text) > 2):
            if 0x3300 <= ord(char) <= 0x33FF or 0x32C0 <= ord(char) <= 0x32CF or char == "\u3250":
                return None  # units, months, hours: several characters with a meaning of their own
            inner = self._text(text.strip("()〔〕"))
            if inner:
                return inner, "enclosed"
        if tag == "compat" and re.fullmatch(r"[0-9]{1,2}[.,]", text):
            return text[:-1], "enclosed"
        return None

    def _digit(self, char):
        value = self.ucd.digit(char, None)
        if value is None or self._decomposition(char)[0]:
            return None
        return str(value), "digit"

    def _styled(self, char):
        name, (tag, text) = self.name(char), self._decomposition(char)
        spelled = name.startswith(("ROMAN NUMERAL", "SMALL ROMAN NUMERAL", "LATIN")) or "LIGATURE" in name
        if tag in ("font", "super", "sub") or (tag == "compat" and spelled):
            inner = self._text(text)
            return (inner, "style") if inner else None
        found = re.match(
            r"(?:MODIFIER LETTER (?:SMALL |CAPITAL |SMALL CAPITAL )?|LATIN LETTER SMALL CAPITAL |"
            r"LATIN SUBSCRIPT SMALL LETTER |LATIN (?:SMALL|CAPITAL) LETTER SMALL CAPITAL |"
            r"SUBSCRIPT (?:SMALL )?LETTER |OUTLINED LATIN CAPITAL LETTER |OUTLINED DIGIT )"
            r"(?:TURNED |REVERSED |BARRED |DOTLESS |OPEN |SIDEWAYS |INVERTED )*([A-Z]{1,2})(?: WITH .*)?\Z",
            name,
        )
        if found:
            return found.group(1).lower(), "style"
        return None

    def _accent(self, char):
        tag, text = self._decomposition(char)
        if tag or not text:
            return None
        base = text[0]
        if len(text) == 1:  # singletons: the Kelvin and Angstrom signs
            inner = self.fold(base)
            return (inner[0], "style") if inner else None
        if not self.name(char).startswith(("LATIN", "GREEK", "CYRILLIC")) or self.ucd.combining(text[1]) == 0:
            return None
        inner = self.fold(base)
        target = inner[0] if inner else base
        if ASCII_WORD.match(target):
            return target, "diacritic"
        return (target, "case") if inner else None

    def _look_alike(self, char):
        name = self.name(char)
        letter = self.ucd.category(char) in ("Ll", "Lu", "Lt", "Lo", "Lm", "Nl", "No")
        if not letter and not name.startswith(("GREEK VOCAL NOTATION", "GREEK INSTRUMENTAL NOTATION")):
            return None
        if name.startswith(NOT_ALPHABETIC) or is_han(char):
            return None
        plain = re.match(r"LATIN (?:SMALL|CAPITAL) LETTER (?:DOTLESS )?([A-Z])(?: WITH .*)?\Z", name)
        if plain:
            return plain.group(1).lower(), "homoglyph"
        proto = self._prototype(char)
        if proto:
            return proto, "homoglyph"
        odd = re.match(
            r"LATIN (?:SMALL|CAPITAL)? ?(?:LETTER|LIGATURE) (?:(?:TURNED|REVERSED|OPEN|BARRED|SIDEWAYS|INSULAR|"
            r"SCRIPT|BROKEN|LONG|HALF|INVERTED|TAILLESS|STIRRUP|BLACKLETTER|MIDDLE-WELSH|VISIGOTHIC|ANGLICANA|"
            r"VOLAPUK|DOTLESS|CLOSED|SIGMOID|BASELINE|BOTTOM HALF|TOP HALF) )*([A-Z]{1,2})(?: WITH .*)?(?: DIGRAPH.*)?\Z",
            name,
        )
        if odd:
            return odd.group(1).lower(), "homoglyph"
        if name.startswith(SMALL_CAPITALS):
            for other in (char.upper(), char.lower()):
                if len(other) == 1 and other != char:
                    proto = self.curated.get(other) or (self._prototype(other),)
                    if proto[0]:
                        return proto[0], "homoglyph"
        return None

    def _prototype(self, char):
        """The letter or digit TR39 gives, without its merging of 0/O and 1/l/I."""
        proto = self.prototype.get(char)
        if not proto or len(proto) != 1:
            return None
        if proto < "\x80":
            if not proto.isalnum():
                return None
            lower = char.lower()
            if proto == "l" and lower != char and self.prototype.get(lower) == "i":
                return "i"
            return proto.lower()
        inner = self.fold(proto)
        return inner[0] if inner and ASCII_WORD.match(inner[0]) else None

    def _case(self, char):
        lower = char.lower()
        if len(lower) != 1 or lower == char:
            return None
        inner = self.fold(lower)
        return (inner[0] if inner else lower), "case"
