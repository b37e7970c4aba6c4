"""Characters that keep a target character as a component, and its sound."""

from collections import defaultdict

from . import ids, readings, tsv

PLANE_LIMIT = 0x2FFFF  # no font of a phone draws what lies beyond


def table(context):
    library, sounds = ids.library(context), readings.sounds(context)
    keep = {char for row in context.curated("keep.tsv") for char in row[0]}
    standard = {char for char in context.standard if char not in context.fold}

    rare_class = {
        char: syllable for syllable, chars in readings.by_syllable(context)[1].items() for char in chars
    }
    holders = defaultdict(set)
    for char in library.trees:
        if not context.is_han(char) or ord(char) > PLANE_LIMIT or char in context.fold or char in keep:
            continue
        for part in library.components(char):
            if part not in standard or part == char:
                continue
            shared = sounds.get(char, set()) & sounds.get(part, set())
            # A rare holder with the target's sound is a rare homophone already.
            if shared and rare_class.get(char) not in sounds.get(part, set()):
                holders[part].add(char)
    rows = [[target, "".join(sorted(holders[target] - {target}))] for target in sorted(holders)]
    header = tsv.Header(
        what=[
            "Characters that contain a standard character and share a syllable with it, those left out that",
            "pinyin.tsv lists as rare under a syllable of the target. A holder folds to itself.",
        ],
        columns=["target", "holders, concatenated"],
        sources=["mojidata"],
        curated=["keep.tsv"],
    )
    return header, [row for row in rows if row[1]]
