"""Emoji read as Chinese words."""

import json

from . import tsv

WORD_LIMIT = 4  # hanzi
WORDS_LIMIT = 12


def table(context):
    words = {}
    for sign, listed, _ in context.curated("emoji.tsv"):
        words[sign] = listed.split()
    path = context.sources["cldr"].root / "package" / "annotations" / "zh" / "annotations.json"
    names = json.loads(path.read_text(encoding="utf-8"))["annotations"]["annotations"]
    for key in sorted(names):
        sign = key.replace("\uFE0F", "")
        if len(sign) != 1 or context.ucd.category(sign)[0] != "S" or sign in context.fold:
            continue
        if sign < "\x80" and sign not in words:
            continue  # ASCII signs mean too many things
        entry = names[key]
        for word in [*entry.get("tts", []), *entry.get("default", [])]:
            word = context.folded(word)
            if 1 <= len(word) <= WORD_LIMIT and all(context.is_han(char) for char in word):
                known = words.setdefault(sign, [])
                if word not in known and len(known) < WORDS_LIMIT:
                    known.append(word)
    rows = [[sign, " ".join(words[sign])] for sign in sorted(words) if words[sign]]
    header = tsv.Header(
        what=["Emoji and signs of one code point (no U+FE0F) and the Chinese words they are read as."],
        columns=["emoji", "words of one to four hanzi, separated by spaces"],
        sources=["cldr"],
        curated=["emoji.tsv"],
    )
    return header, rows
