"""Check the finished tables as a reader would see them."""

from . import tsv
from .context import is_han

KEY_ROWS = (
    # table, key, column, what the cell must contain
    ("pinyin", "wei", 1, "微威为卫"),
    ("pinyin", "wei", 2, "嶶"),
    ("pinyin", "lv", 1, "绿"),
    ("pinyin", "nve", 1, "虐"),
    ("pinyin", "song", 2, "鎹"),
    ("pinyin", "cai", 2, "婇"),
    ("pinyin", "ce", 2, "笧"),
    ("pinyin", "jia", 2, "榢"),
    ("component", "红", 1, "荭"),
    ("component", "微", 1, "薇"),
    ("split", "信", 1, "亻言"),
    ("split", "信", 1, "人言"),
    ("split", "群", 1, "君羊"),
    ("split", "押", 1, "手甲"),
    ("split", "微", 1, "彳山兀攵"),
    ("split", "售", 1, "隹口"),
    ("split", "账", 1, "贝长"),
    ("split", "解", 1, "角刀牛"),
    ("split", "注", 1, "水主"),
    ("split", "码", 1, "石马"),
    ("split", "名", 1, "夕口"),
    ("split", "购", 1, "贝勾"),
    ("split", "号", 1, "口丂"),
    ("glyph", "贷", 1, "货"),
    ("glyph", "己", 1, "已"),
    ("glyph", "未", 1, "末"),
    ("glyph", "微", 1, "徽"),
    ("latin", "v", 1, "√"),
    ("latin", "x", 1, "×"),
    ("latin", "w", 1, "\\/\\/"),
    ("variant", "仮", 1, "返"),
    ("variant", "亻", 1, "人"),
    ("emoji", "🛰", 1, "卫星"),
    ("emoji", "➕", 1, "加"),
    ("emoji", "🐧", 1, "企鹅"),
    ("emoji", "❤", 1, "心"),
    ("words", "wei xin", 1, "威信"),
    ("words", "wei xin", 1, "唯心"),
    ("words", "shi ming", 1, "使命"),
    ("words", "zhi fu", 1, "制服"),
    ("words", "jie feng", 1, "接风"),
    ("words", "mai hao", 1, "买好"),
    ("words", "fu zhu", 1, "付诸"),
    ("bopomofo", "wei", 1, "ㄨㄟ"),
    ("bopomofo", "xin", 1, "ㄒㄧㄣ"),
    ("bopomofo", "zhi", 1, "ㄓ"),
    ("bopomofo", "lv", 1, "ㄌㄩ"),
)
WORD_LISTS = ("split", "words", "latin", "emoji", "bopomofo")
NOISE = {
    "invisible": "\u200b\u00ad\u2060\ufeff\u3164\u2800\ufe0f\u202e\U000e0041",
    "combining": "\u0301\u20e3\u0489", "private": "\ue000", "space": " \u3000\u00a0", "break": "\n\u2028",
    "stop": "。！？!?｡…", "punctuation": ".,，、·（【", "symbol": "★●√+＋$❤🌟🏻×│",
    "stroke": "丶丿亅乛乀丨乚冫氵艹灬\u31c0",
}


def run(folder, curated):
    """Every problem found, as lines of text."""
    problems = []
    tables = {}
    for path in sorted(folder.glob("*.tsv")):
        named, actual = tsv.body_digest(path)
        if named is None or named != actual:
            problems.append(f"{path.name}: the sha256 of the header is not that of the body")
        tables[path.stem] = tsv.read(path)
    fold = _fold_map(tables["fold"], problems)
    noise = _noise_map(tables["noise"], problems) if "noise" in tables else {}
    problems += _fold_problems(fold)
    problems += _noise_problems(fold, noise)
    for text, wanted, why in tsv.read_curated(curated / "checks.tsv"):
        found = _folded(fold, text)
        if found != wanted:
            problems.append(f"fold of {text} is {found}, not {wanted} ({why})")
    problems += _key_problems(tables)
    problems += _word_problems(tables, curated)
    problems += _identity_problems(tables, fold)
    return problems


def _folded(fold, text):
    return "".join(fold.get(char, char) for char in text)


def _fold_map(rows, problems):
    fold = {}
    for target, _, codes, shown in rows:
        chars = [chr(int(code, 16)) for code in codes.split()]
        if "".join(chars) != shown:
            problems.append(f"fold: the shown sources of {target} differ from the code points")
        for char in chars:
            if char in fold:
                problems.append(f"fold: U+{ord(char):04X} has two targets")
            fold[char] = target
    return fold


def _noise_map(rows, problems):
    noise = {}
    for kind, codes, _ in rows:
        first, _, last = codes.partition("..")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            if chr(code) in noise:
                problems.append(f"noise: U+{code:04X} is in two classes")
            noise[chr(code)] = kind
    return noise


def _fold_problems(fold):
    for char, target in fold.items():
        if any(part in fold for part in target):
            yield f"fold: the target {target} of U+{ord(char):04X} is itself folded"
        if len(target) > 4:
            yield f"fold: the target {target} is too long"


def _noise_problems(fold, noise):
    for kind, chars in NOISE.items():
        for char in chars:
            if noise and noise.get(char) != kind:
                yield f"noise: U+{ord(char):04X} is {noise.get(char)}, not {kind}"
    for char, target in fold.items():
        if char in noise and noise.get(target) != noise[char]:
            yield f"noise: U+{ord(char):04X} is {noise[char]} but its target is {noise.get(target)}"
        if char not in noise and target in noise:
            yield f"noise: U+{ord(char):04X} is not noise but its target is"


def _key_problems(tables):
    for name, key, column, wanted in KEY_ROWS:
        row = next((row for row in tables.get(name, ()) if row[0] == key), None)
        cell = row[column] if row else ""
        # Some cells list words, the others concatenate characters.
        held, parts = (cell.split(" "), [wanted]) if name in WORD_LISTS else (cell, wanted)
        for part in parts:
            if part not in held:
                yield f"{name}: {key} lacks {part}"


def _word_problems(tables, curated):
    held = {word for row in tables.get("words", ()) for word in row[1].split(" ")}
    for word, why in tsv.read_curated(curated / "words.tsv"):
        if word not in held:
            yield f"words: {word} is missing ({why})"


def _identity_problems(tables, fold):
    """Outside fold.tsv every hanzi stands as the fold leaves it."""
    for name, columns in (("pinyin", (1, 2)), ("component", (0, 1)), ("split", (0, 1)), ("glyph", (0, 1)),
                          ("variant", (0, 1)), ("latin", (1,)), ("emoji", (1,)), ("words", (1,))):
        for row in tables.get(name, ()):
            for column in columns:
                folded = [char for char in row[column] if char in fold and (is_han(char) or name == "latin")]
                if folded:
                    yield f"{name}: {row[0]} holds {''.join(folded)}, which the fold changes"
                    break
