#!/usr/bin/env python3.11
"""Generate every table in core/data from pinned packages.

    gen_tables.py --out DIR --cache DIR [--only NAME,NAME] [--offline]

The result is a function of sources.toml and curated/*.tsv alone: rows are
sorted and nothing carries a date. See README.md.
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from parts import check, component, emoji, fetch, fold, glyph, han, latin  # noqa: E402
from parts import letters, noise, readings, split, tsv, words  # noqa: E402
from parts.context import Context  # noqa: E402

# Table name -> function that returns (header, rows). Order matters only for
# speed: everything after `fold` reads the fold map from the context.
TABLES = {
    "fold": fold.table,
    "noise": noise.table,
    "variant": han.variant_table,
    "pinyin": readings.pinyin_table,
    "bopomofo": readings.bopomofo_table,
    "component": component.table,
    "split": split.table,
    "glyph": glyph.table,
    "latin": latin.table,
    "emoji": emoji.table,
    "words": words.table,
    "frequency": words.frequency_table,
    "pairs": words.pairs_table,
}


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="folder for the TSVs")
    parser.add_argument("--cache", type=Path, required=True, help="folder for fetched packages")
    parser.add_argument("--only", default="", help="comma-separated table names")
    parser.add_argument("--offline", action="store_true", help="use the cache, fetch nothing")
    args = parser.parse_args(argv)

    sources = fetch.prepare(HERE / "sources.toml", args.cache, offline=args.offline)
    context = Context(sources, HERE / "curated")
    letters.build(context)
    han.build(context)
    fold.build(context)

    wanted = [name for name in args.only.split(",") if name] or list(TABLES)
    args.out.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        header, rows = TABLES[name](context)
        path = args.out / f"{name}.tsv"
        size = tsv.write(path, header, rows, sources)
        print(f"{path.name}\t{len(rows)} rows\t{size} bytes", flush=True)

    problems = check.run(args.out, HERE / "curated")
    for line in problems:
        print(f"check: {line}", file=sys.stderr)
    print(f"self-check: {len(problems)} problem(s)")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
