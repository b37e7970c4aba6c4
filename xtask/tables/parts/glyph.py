"""Characters drawn alike."""

from collections import defaultdict

from . import tsv

ALIKE_LIMIT = 16


def table(context):
    alike = defaultdict(dict)  # char -> {look-alike: order}

    def add(char, other, symmetric=True):
        char, other = context.folded(char), context.folded(other)
        if char == other or len(char) != 1 or len(other) != 1:
            return
        if char in context.standard:
            alike[char].setdefault(other, len(alike[char]))
        if symmetric and other in context.standard:
            alike[other].setdefault(char, len(alike[other]))

    for char, others, direction, _ in context.curated("glyph_pairs.tsv"):
        for other in others:
            add(char, other, direction == "both")
    rendered = context.curated("glyph_rendered.tsv")
    for _, char, other in sorted(rendered, key=lambda row: (-float(row[0]), row[1], row[2])):
        add(char, other)
    for char, other in sorted(context.moji.unihan_variants("kSpoofingVariant")):
        add(char, other)
    for char, other in sorted(context.moji.pairs("kdpv_cjkvi/non-cognate", "subject", "object")):
        add(char, other)

    rows = [[char, "".join(list(alike[char])[:ALIKE_LIMIT])] for char in sorted(alike)]
    header = tsv.Header(
        what=["Characters that look like a standard character: attested first, then the most alike."],
        columns=["character", "look-alikes, concatenated"],
        sources=["mojidata"],
        curated=["glyph_pairs.tsv", "glyph_rendered.tsv"],
    )
    return header, rows
