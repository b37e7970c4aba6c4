"""Dictionary words by toneless reading, and character frequencies."""

from collections import Counter, defaultdict

from . import tsv

SIZE_LIMIT = 880_000  # bytes of the body
PAIR_BITS = 16  # rarer pairs are left out
LENGTHS = (2, 3, 4)


def dictionary(context):
    """word -> frequency for every hanzi-only word of the jieba dictionary."""
    if context.words is None:
        found = sorted(context.sources["jieba"].root.glob("**/jieba/dict.txt"))
        context.words = {}
        for line in found[0].read_text(encoding="utf-8").splitlines():
            word, count, *_ = line.split(" ")
            if all(context.is_han(char) for char in word):
                context.words[word] = int(count)
    return context.words


def char_frequency(context):
    """char -> occurrences in the dictionary, weighted by word frequency."""
    counts = Counter()
    for word, count in dictionary(context).items():
        for char in word:
            counts[char] += count
    return counts


def frequency_table(context):
    """One row for each octave of frequency; the most frequent characters first."""
    counts = {char: count for char, count in char_frequency(context).items() if char in context.standard}
    total = sum(counts.values())
    octaves = defaultdict(list)
    for char, count in counts.items():
        # The whole number of bits that the character carries.
        octaves[(total // count).bit_length() - 1].append(char)
    header = tsv.Header(
        what=[
            "Standard hanzi by how frequent they are in written Chinese: a character of a row makes up between",
            "2^-(n+1) and 2^-n of all hanzi.",
        ],
        columns=["n", "characters, without separators"],
        sources=["jieba"],
    )
    return header, [[str(bits), "".join(sorted(octaves[bits]))] for bits in sorted(octaves)]


def pairs_table(context):
    """As `frequency_table`, for two neighbouring characters of a word."""
    counts, total = Counter(), 0
    for word, count in dictionary(context).items():
        total += count * len(word)
        for pair in zip(word, word[1:]):
            if all(char in context.standard for char in pair):
                counts["".join(pair)] += count
    octaves = defaultdict(list)
    for pair, count in counts.items():
        bits = (total // count).bit_length() - 1
        if bits <= PAIR_BITS:
            octaves[bits].append(pair)
    header = tsv.Header(
        what=[
            "Two hanzi that stand next to each other in words, by how frequent they are in written Chinese: the",
            "first of a row's pairs makes up between 2^-(n+1) and 2^-n of all hanzi.",
        ],
        columns=["n", "pairs, without separators"],
        sources=["jieba"],
    )
    return header, [[str(bits), "".join(sorted(octaves[bits]))] for bits in sorted(octaves)]


def table(context):
    from pypinyin import Style, lazy_pinyin

    wanted = {row[0] for row in context.curated("words.tsv")}
    found = dictionary(context)
    candidates = [
        (found.get(word, 0), word)
        for word in wanted | set(found)
        if len(word) in LENGTHS and context.folded(word) == word and all(char in context.standard for char in word)
    ]
    candidates.sort(key=lambda item: (item[1] not in wanted, -item[0], item[1]))
    groups, size, floor = defaultdict(list), 0, 0
    position = 0
    while position < len(candidates):
        # Take all words of one frequency or none, so that the cut is a threshold.
        end = position
        while end < len(candidates) and candidates[end][0] == candidates[position][0]:
            end += 1
        batch, batch_size = [], 0
        for count, word in candidates[position:end]:
            reading = " ".join(lazy_pinyin(word, style=Style.NORMAL, v_to_u=False, errors="ignore"))
            if len(reading.split()) == len(word) and reading.replace(" ", "").isascii():
                batch.append((reading, word))
                batch_size += len(word.encode()) + 1 + (0 if reading in groups else len(reading) + 1)
        if size + batch_size > SIZE_LIMIT:
            break
        for reading, word in batch:
            groups[reading].append(word)
        size += batch_size
        floor = candidates[position][0]
        position = end
    rows = [[reading, " ".join(sorted(set(groups[reading]), key=lambda word: (-found.get(word, 0), word)))]
            for reading in sorted(groups)]
    header = tsv.Header(
        what=[
            "Dictionary words of two to four hanzi by toneless reading, most frequent first: words that sound",
            f"like a term must not be taken for it. Cut at dictionary frequency {floor}.",
        ],
        columns=["syllables, separated by spaces", "words, separated by spaces"],
        sources=["jieba", "pypinyin"],
        curated=["words.tsv"],
    )
    return header, rows
