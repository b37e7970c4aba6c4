"""Read the confusables and Default_Ignorable tables out of the crate's Rust source."""

import re
from dataclasses import dataclass

_CHAR = r"'(?:\\u\{([0-9a-fA-F]+)\}|(.))'"


@dataclass
class Tr39:
    prototype: dict  # char -> prototype string
    ignorable: list  # (first, last) code points


def load(path):
    text = path.read_text(encoding="utf-8")
    prototypes = _block(text, "CONFUSABLES: &'static [(char, &'static [char])]")
    table = {}
    for entry in re.finditer(rf"\({_CHAR},\s*&\[(.*?)\]\)", prototypes, re.S):
        source = _char(entry.group(1), entry.group(2))
        table[source] = "".join(_char(*pair) for pair in re.findall(_CHAR, entry.group(3)))
    ranges = [
        (ord(_char(low_hex, low)), ord(_char(high_hex, high)))
        for low_hex, low, high_hex, high in re.findall(
            rf"\({_CHAR},\s*{_CHAR}\)", _block(text, "DEFAULT_IGNORABLE: &'static [(char, char)]")
        )
    ]
    if len(table) < 6000 or len(ranges) < 10:
        raise ValueError("the tables of unicode-security have another shape than expected")
    return Tr39(table, ranges)


def _block(text, declaration):
    start = text.index(declaration)
    return text[start : text.index("];", start)]


def _char(code, literal):
    return chr(int(code, 16)) if code else literal
