"""Symbols and short sequences read as a letter or digit."""

from . import tsv

LENGTH_LIMIT = 4


def table(context):
    rows = []
    for letter, alternatives, _ in sorted(context.curated("latin.tsv")):
        kept = []
        for text in alternatives.split():
            # What the fold already turns into this letter needs no alternative;
            # what it turns into something else is spelled as the fold leaves it.
            folded = context.folded(text)
            if folded != letter and folded not in kept and len(folded) <= LENGTH_LIMIT:
                kept.append(folded)
        rows.append([letter, " ".join(kept)])
    header = tsv.Header(
        what=[
            "Symbols, leetspeak and look-alike hanzi or kana read as a Latin letter or digit (rule side only).",
            "Every alternative is written as the text-side fold leaves it.",
        ],
        columns=["letter or digit", "alternatives of one to four characters, usual first"],
        curated=["latin.tsv"],
    )
    return header, rows
