"""Fold variant, traditional, compatibility and radical forms of hanzi.

A form is folded only when it stands for one standard character. Forms that
stand for several are kept apart as choices (variant.tsv).
"""

from collections import defaultdict

from . import moji, tsv
from .context import is_han

STROKES = "丶丿亅乛乀丨乚冫氵艹灬"
OTHER_STROKES = "𠃊𠃋𠃌𠃍𠃎𠃑𠄌𠄎𠄏"
CHOICES_LIMIT = 6


def build(context):
    Han(context).build()


class Han:
    def __init__(self, context):
        self.context = context
        self.standard = context.standard
        self.fold = context.han_fold
        self.choices = context.han_choices
        self.components = {row[0]: row[1] for row in context.curated("components.tsv")}
        self.keep = {char for row in context.curated("keep.tsv") for char in row[0]}
        self.fixed = set(STROKES) | set(OTHER_STROKES) | set(self.components)
        self.readings = context.moji.rare_readings()
        for char, syllables in context.moji.standard_readings().items():
            self.readings[char] = syllables + [s for s in self.readings[char] if s not in syllables]

    def build(self):
        self._curated()
        self._traditional()
        self._variants()
        self._compatibility()
        self._radicals()

    def _curated(self):
        for source, targets, action, _ in self.context.curated("variants.tsv"):
            if targets == "-":
                self.fixed.add(source)
            elif action == "fold":
                traditional = source in self.context.opencc["TSCharacters"]
                self.fold[source] = (targets, "traditional" if traditional else "variant")
            else:
                self.choices[source] = targets
                self.fixed.add(source)

    def _open(self, char):
        """May this character still be given a target?"""
        return not (char in self.fold or char in self.standard or char in self.fixed) and is_han(char)

    def _traditional(self):
        usual = self.context.opencc["TSCharacters"]
        table = defaultdict(set)
        forms = defaultdict(set)
        for form, standard, traditional in self.context.moji.standard_variants():
            table[form].add(standard)
            forms[form].add(traditional)
        for form in sorted(set(table) | set(usual)):
            if not self._open(form):
                # Traditional component forms become simplified component forms.
                continue
            targets = table.get(form, set())
            first = usual.get(form, [""])[0]
            if first == form:
                first = ""
            if len(targets) == 1:
                target = next(iter(targets))
            elif first in targets or (not targets and first in self.standard):
                target = first
            elif not targets and first and (first in self.components or 0x4E00 <= ord(first) <= 0x9FFF):
                target = first
            else:
                continue
            if form in self.keep and (form not in usual or target not in self.standard):
                continue
            traditional = form in usual or True in forms.get(form, ())
            self.fold[form] = (target, "traditional" if traditional else "variant")

    def _standard_form(self, char):
        """The standard character a variant list's target leads to, or None."""
        if char in self.fold:
            char = self.fold[char][0]
        return char if char in self.standard and char not in self.choices else None

    def _gather(self, pairs):
        found = defaultdict(set)
        for source, target in pairs:
            standard = self._standard_form(target)
            if standard and self._open(source) and source not in self.keep:
                found[source].add(standard)
        return found

    def _lists(self, tables):
        for table in tables:
            yield from self.context.moji.pairs(*table)

    def _variants(self):
        data = self.context.moji
        trusted = self._gather(
            [*self._lists(moji.TRUSTED), *data.unihan_variants("kZVariant"), *self._regional()]
        )
        semantic = self._gather(
            [*data.unihan_variants("kSemanticVariant"), *data.unihan_variants("kSimplifiedVariant"),
             *data.unihan_variants("kTraditionalVariant")]
        )
        by_list = [self._gather(self._lists(group)) for group in moji.LEARNED]
        learned = defaultdict(set)
        for found in by_list:
            for char, targets in found.items():
                learned[char] |= targets
        for char in sorted(set(trusted) | set(semantic) | set(learned)):
            sure = trusted.get(char, set())
            firm = {t for t in semantic.get(char, ()) if self._same_sound(char, t)} or semantic.get(char, set())
            heard = {t for t in learned.get(char, ()) if self._same_sound(char, t)}
            if len(sure) == 1:
                self.fold[char] = (next(iter(sure)), "variant")
                continue
            self.context.learned.add(char)
            if not sure and len(firm) == 1 and len(firm | heard) == 1:
                self.fold[char] = (next(iter(firm)), "variant")
            elif not sure and not firm and len(heard) == 1 and (
                ord(char) > 0xFFFF or sum(bool(heard & found.get(char, set())) for found in by_list) > 1
            ):
                # One dictionary list alone settles only what no keyboard offers: a
                # rare character of the basic plane is more often a homophone.
                self.fold[char] = (next(iter(heard)), "variant")
            elif sure or firm or heard:
                likely = sorted(sure or firm | heard, key=self.standard.get)
                self.choices[char] = "".join(likely[:CHOICES_LIMIT])

    def _regional(self):
        """Hong Kong, Taiwan and Japanese forms of one character."""
        for name in ("HKVariants", "HKVariantsRev", "TWVariants", "TWVariantsRev",
                     "JPShinjitaiCharacters", "JPShinjitaiCharactersRev"):
            for source, targets in self.context.opencc[name].items():
                for target in targets:
                    if target != source:
                        yield source, target

    def _same_sound(self, one, other):
        """Do they share a syllable? A form without a reading gets the benefit of the doubt."""
        left, right = self.readings.get(one), self.readings.get(other)
        return not left or not right or bool(set(left) & set(right))

    def _compatibility(self):
        decomposition = self.context.ucd.decomposition
        for code in [*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20)]:
            raw = decomposition(chr(code))
            if raw and not raw.startswith("<"):
                unified = self.context.ucd.normalize("NFKC", chr(code))
                self.fold[chr(code)] = (unified, "compatibility")

    def _radicals(self):
        for radical, unified in self.context.moji.radical_equivalents().items():
            if 0x2E80 <= ord(radical) <= 0x2FD5 and radical not in self.fold and radical not in self.components:
                self.fold[radical] = (unified, "radical")


def variant_table(context):
    """Rows of variant.tsv: forms with several possible targets, and component forms."""
    choices = {
        source: targets for source, targets in context.han_choices.items() if source not in context.fold
    }
    for component, full, _ in context.curated("components.tsv"):
        if full != "-" and component not in context.fold and component not in context.standard:
            choices.setdefault(component, full)
    rows = []
    for source in sorted(choices):
        targets = "".join(dict.fromkeys(context.folded(choices[source]).replace(source, "")))
        if targets:
            rows.append([source, targets])
    header = tsv.Header(
        what=["Hanzi that may stand for one of several characters, so the text-side fold leaves them alone."],
        columns=["source", "targets, concatenated, usual first"],
        sources=["mojidata", "opencc"],
        curated=["variants.tsv", "components.tsv"],
    )
    return header, rows
