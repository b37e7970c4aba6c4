"""Characters per toneless syllable, and the bopomofo spelling of each syllable."""

from collections import defaultdict

from . import tsv, words

# Longest initial first, so that `zh` wins over `z`.
INITIALS = (
    ("zh", "ㄓ"), ("ch", "ㄔ"), ("sh", "ㄕ"), ("b", "ㄅ"), ("p", "ㄆ"), ("m", "ㄇ"), ("f", "ㄈ"),
    ("d", "ㄉ"), ("t", "ㄊ"), ("n", "ㄋ"), ("l", "ㄌ"), ("g", "ㄍ"), ("k", "ㄎ"), ("h", "ㄏ"),
    ("j", "ㄐ"), ("q", "ㄑ"), ("x", "ㄒ"), ("r", "ㄖ"), ("z", "ㄗ"), ("c", "ㄘ"), ("s", "ㄙ"),
)
FINALS = {
    "a": "ㄚ", "o": "ㄛ", "e": "ㄜ", "ai": "ㄞ", "ei": "ㄟ", "ao": "ㄠ", "ou": "ㄡ", "an": "ㄢ",
    "en": "ㄣ", "ang": "ㄤ", "eng": "ㄥ", "er": "ㄦ", "i": "ㄧ", "ia": "ㄧㄚ", "io": "ㄧㄛ", "ie": "ㄧㄝ",
    "iai": "ㄧㄞ", "iao": "ㄧㄠ", "iu": "ㄧㄡ", "ian": "ㄧㄢ", "in": "ㄧㄣ", "iang": "ㄧㄤ", "ing": "ㄧㄥ",
    "u": "ㄨ", "ua": "ㄨㄚ", "uo": "ㄨㄛ", "uai": "ㄨㄞ", "ui": "ㄨㄟ", "uan": "ㄨㄢ", "un": "ㄨㄣ",
    "uang": "ㄨㄤ", "ong": "ㄨㄥ", "ueng": "ㄨㄥ", "v": "ㄩ", "ve": "ㄩㄝ", "van": "ㄩㄢ", "vn": "ㄩㄣ",
    "iong": "ㄩㄥ",
}
# Syllables written with y and w have no initial.
BARE = {
    "yi": "i", "ya": "ia", "yo": "io", "ye": "ie", "yai": "iai", "yao": "iao", "you": "iu", "yan": "ian",
    "yin": "in", "yang": "iang", "ying": "ing", "yong": "iong", "yu": "v", "yue": "ve", "yuan": "van",
    "yun": "vn", "wu": "u", "wa": "ua", "wo": "uo", "wai": "uai", "wei": "ui", "wan": "uan", "wen": "un",
    "wang": "uang", "weng": "ueng",
}


def bopomofo(syllable):
    """The spelling without a tone mark, or None."""
    if syllable in BARE:
        return FINALS[BARE[syllable]]
    if syllable in FINALS:
        return FINALS[syllable]
    for letters, sign in INITIALS:
        if syllable.startswith(letters):
            final = syllable[len(letters):]
            if sign in "ㄐㄑㄒ" and final.startswith("u"):
                final = "v" + final[1:]
            if sign in "ㄓㄔㄕㄖㄗㄘㄙ" and final == "i":
                return sign
            return sign + FINALS[final] if final in FINALS else None
    return None


def by_syllable(context):
    """(syllable -> standard characters, syllable -> rare characters)."""
    if not hasattr(context, "syllables"):
        rank = words.char_frequency(context)
        standard, rare = defaultdict(list), defaultdict(list)
        for char, syllables in context.moji.standard_readings().items():
            if char in context.standard and char not in context.fold:
                for syllable in syllables:
                    standard[syllable].append(char)
        keep = {char for row in context.curated("keep.tsv") for char in row[0]}
        for char, syllables in context.moji.rare_readings().items():
            if char in context.standard or char in context.fold or char in keep or not context.is_han(char):
                continue
            # Few fonts and no usual input method have those beyond: who disguises wants to be read.
            if ord(char) > 0xFFFF:
                continue
            # One reading each: a rare character is a disguise by its usual sound,
            # and classes of characters with the same set of readings stay few.
            usual = next(filter(bopomofo, syllables), None)
            if usual:
                rare[usual].append(char)
        for chars in standard.values():
            chars.sort(key=lambda char: (-rank.get(char, 0), char))
        for chars in rare.values():
            chars.sort()
        context.syllables = standard, rare
    return context.syllables


def sounds(context):
    """char -> set of toneless syllables: the school readings of a standard character, all of a rare one."""
    if not hasattr(context, "sounds"):
        table = {char: set(found) for char, found in context.moji.rare_readings().items()}
        table.update((char, set(found)) for char, found in context.moji.standard_readings().items())
        context.sounds = table
    return context.sounds


def pinyin_table(context):
    standard, rare = by_syllable(context)
    rows = [
        [syllable, "".join(standard.get(syllable, ())), "".join(rare.get(syllable, ()))]
        for syllable in sorted(set(standard) | set(rare))
        if bopomofo(syllable)
    ]
    header = tsv.Header(
        what=[
            "Hanzi by toneless syllable; ü is written v. Standard characters come most frequent first;",
            "rare ones are outside the 8,105 table, up to U+FFFF, fold to themselves, and stand under their usual",
            "reading alone. A column may be empty.",
        ],
        columns=["syllable", "standard characters", "rare characters"],
        sources=["mojidata", "jieba"],
        curated=["keep.tsv"],
    )
    return header, rows


def bopomofo_table(context):
    standard, rare = by_syllable(context)
    rows = []
    for syllable in sorted(set(standard) | set(rare)):
        spelling = bopomofo(syllable)
        if spelling:
            rows.append([syllable, spelling])
    header = tsv.Header(
        what=["Bopomofo spelling of each syllable of pinyin.tsv, without tone marks."],
        columns=["syllable", "spellings, separated by spaces"],
        sources=["mojidata"],
    )
    return header, rows
