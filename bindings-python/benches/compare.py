"""What the Python package costs, beside the Rust core and beside matcher_py.

    python benches/compare.py                  # three lists of 100,000 messages
    python benches/compare.py --posts FILE     # the lines of a file, one a post

The lists are reviews and news that `benches/corpora.py` fetches, cut to 50 to 150
bytes; the same with an offer in place of one in fifty; and dictionary words in no
order.

Run it with the Python that has the wheel (`target/python/venv/bin/python` after
`cargo xtask test-python`). Rounds of all candidates alternate, and the best round
of each counts; on a busy machine the ratios are of use, not the figures.

matcher_py gets the plain spellings of the built-in pack's terms, each with its
normalisations of variants, noise and forms (`VARIANT_NORM_DELETE_NORMALIZE`). It
tells which words a text has; Huoyan tells offers, with spans and evidence.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import tomllib

REPOSITORY = Path(__file__).resolve().parents[2]
ROUNDS = 7


def offers() -> list[str]:
    """Offers of the behaviour rows."""
    file = REPOSITORY / "core/tests/behaviour/wechat-trade.toml"
    behaviour = tomllib.loads(file.read_text(encoding="utf-8"))
    return [row["text"] for row in behaviour["row"] if "category" in row]


def messages(count: int) -> list[str]:
    """Reviews and news cut to 50 to 150 bytes, as in `cargo xtask bench`."""
    cache = REPOSITORY / "benches/.cache"
    files = [cache / "reviews.txt", cache / "news.txt"]
    if not all(file.exists() for file in files):
        subprocess.run([sys.executable, REPOSITORY / "benches/corpora.py"], check=True)
    dice = random.Random(7)
    found: list[str] = []
    for line in (line for file in files for line in file.open(encoding="utf-8")):
        rest = line.strip().encode()
        while len(rest) >= 50:
            text = rest[: dice.randint(50, 150)].decode(errors="ignore")
            found.append(text)
            rest = rest[len(text.encode()) :]
    dice.shuffle(found)
    return found[:count]


def with_offers(messages: list[str]) -> list[str]:
    """The same with an offer in place of one in fifty."""
    dice, known = random.Random(7), offers()
    return [dice.choice(known) if dice.random() < 0.02 else text for text in messages]


def made_up(count: int) -> list[str]:
    """5 to 40 dictionary words that have nothing to do with each other, one in fifty
    with an offer. No language has such neighbours, which is harder than any text.
    """
    dice, known = random.Random(7), offers()
    lines = (REPOSITORY / "core/data/words.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t")[1] for line in lines if not line.startswith("#")]
    words = [word for row in rows for word in row.split()]

    def message() -> str:
        parts = dice.choices(words, k=dice.randint(5, 40))
        for place in range(6, len(parts), 7):
            parts[place] = "，"
        if dice.random() < 0.02:
            parts.insert(dice.randrange(len(parts)), dice.choice(known))
        return "".join(parts)

    return [message() for _ in range(count)]


def terms() -> list[str]:
    """The plain spellings of the built-in pack's terms."""
    source = (REPOSITORY / "core/packs/wechat-trade.toml").read_text(encoding="utf-8")
    concepts = tomllib.loads(source)["concept"]
    found = [
        t if isinstance(t, str) else t["text"]
        for c in concepts
        for t in c.get("terms", [])
    ]
    return sorted(set(found))


def candidates(posts: list[str], threads: int) -> dict[str, Callable[[], object]]:
    import huoyan
    import pyarrow as pa
    from matcher_py import ProcessType, SimpleMatcher

    words = {number: re.sub(r"[&|~]", "", word) for number, word in enumerate(terms(), 1)}
    matcher = SimpleMatcher.from_dict({ProcessType.VARIANT_NORM_DELETE_NORMALIZE: words})
    ruleset = huoyan.Ruleset.builtin()
    column = pa.array(posts, pa.string())
    calls: dict[str, Callable[[], object]] = {
        "matcher_py batch_is_match": lambda: matcher.batch_is_match(posts),
        "matcher_py batch_process": lambda: matcher.batch_process(posts),
        "is_flagged_batch": lambda: ruleset.is_flagged_batch(posts, threads=threads),
        "scan_batch": lambda: ruleset.scan_batch(posts, threads=threads),
        "scan_iter": lambda: [*ruleset.scan_iter(posts, threads=threads)],
        "scan_arrow": lambda: ruleset.scan_arrow(column, threads=threads),
    }
    if threads == 1:
        calls["is_flagged, one by one"] = lambda: [ruleset.is_flagged(p) for p in posts]
        calls["scan, one by one"] = lambda: [ruleset.scan(p) for p in posts]
    return calls


def best_of(calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    best = dict.fromkeys(calls, float("inf"))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            started = time.perf_counter()
            result = call()
            best[name] = min(best[name], time.perf_counter() - started)
            del result
    return best


def core(path: Path) -> tuple[float, int]:
    """The Rust core on one thread: seconds and flagged posts."""
    command = (
        "cargo run --quiet --release --package huoyan-python --example core-throughput"
    )
    environment = {
        **os.environ,
        "CARGO_TARGET_DIR": str(REPOSITORY / "target/python/cargo"),
    }
    done = subprocess.run(
        [*command.split(), "--", str(path), str(ROUNDS)],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, flagged = done.stdout.split()
    return float(seconds), int(flagged)


def measured(path: Path, threads: int) -> dict[str, float]:
    """The candidates in a process of their own, so that both sides have as many threads."""
    environment = dict(os.environ)
    if threads:
        environment["RAYON_NUM_THREADS"] = str(threads)
    command = [sys.executable, __file__, "--child", str(threads), "--posts", str(path)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def import_milliseconds() -> float:
    """The best time that `import huoyan` takes in a new interpreter."""
    code = (
        "import time; t = time.perf_counter(); import huoyan; "
        "print((time.perf_counter() - t) * 1000)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        for _ in range(20)
    ]
    return sorted(float(run.stdout) for run in runs)[len(runs) // 2]


def memory(path: Path, size: int) -> None:
    """Scans a gigabyte and tells how much memory that took beside the text."""
    import huoyan
    import pyarrow as pa

    posts = path.read_text(encoding="utf-8").splitlines()
    chunk = pa.array(posts, pa.string())
    times = -(-size // chunk.nbytes)
    # Copies, as a column that was read would be.
    chunks = [pa.concat_arrays([chunk, chunk.slice(0, 1)]) for _ in range(times)]
    column = pa.chunked_array(chunks)
    del posts
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    verdicts = huoyan.Ruleset.builtin().scan_arrow(column, threads=0)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(verdicts) == len(column)
    share = (after - before) * 1024 / column.nbytes
    print(
        f"memory: {column.nbytes / 1e6:,.0f} MB of text in {len(column):,} posts, "
        f"peak {before / 1e3:,.0f} MB before and {after / 1e3:,.0f} MB after scan_arrow: "
        f"input + {share:.1%}"
    )


def compare(name: str, posts: list[str], path: Path) -> None:
    """Prints what each candidate takes for some posts, which a file has, too."""
    size = path.stat().st_size
    seconds, flagged = core(path)
    print(
        f"{name}: {len(posts):,} posts, {size / 1e6:.1f} MB, {flagged:,} flagged; "
        f"{len(terms())} words for matcher_py"
    )
    head = f"{'ms':>8}{'MB/s':>8}{'posts/s':>12}{'× core':>8}"
    print(f"{'':34}{head}{'× process':>11}{'× is_match':>12}")
    for threads in (1, 0):
        print("1 thread" if threads else f"{os.cpu_count()} threads")
        found = measured(path, threads)
        if threads:
            found = {"Rust core, scan": seconds, **found}
        process, is_match = (
            found[f"matcher_py batch_{peer}"] for peer in ("process", "is_match")
        )
        for call, spent in found.items():
            print(
                f"  {call:32}{spent * 1e3:8.1f}{size / spent / 1e6:8.0f}"
                f"{len(posts) / spent:12,.0f}{seconds / spent:8.2f}"
                f"{process / spent:11.2f}{is_match / spent:12.2f}"
            )
    print()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0] if __doc__ else None
    )
    parser.add_argument("--posts", type=Path, help="a file of posts, one a line")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--memory", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory:
        memory(arguments.posts, arguments.memory)
        return
    if arguments.child is not None:
        posts = arguments.posts.read_text(encoding="utf-8").split("\n")
        print(json.dumps(best_of(candidates(posts, arguments.child))))
        return

    if arguments.posts:
        lines = arguments.posts.read_text(encoding="utf-8", errors="replace").splitlines()
        posts = [line for line in lines if line]
        random.Random(7).shuffle(posts)
        lists = {arguments.posts.name: posts[: arguments.count]}
    else:
        plain = messages(arguments.count)
        lists = {
            "messages": plain,
            "messages, one in fifty an offer": with_offers(plain),
            "dictionary words in no order": made_up(arguments.count),
        }
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, posts) in enumerate(lists.items()):
            path = Path(folder) / f"{number}.txt"
            path.write_text("\n".join(posts), encoding="utf-8")
            compare(name, posts, path)
        print(f"import huoyan: {import_milliseconds():.1f} ms")
        for wheel in (REPOSITORY / "target/python/packages").glob("*.whl"):
            print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.2f} MB")
        sys.stdout.flush()
        posts_file = str(Path(folder) / "0.txt")
        command = [sys.executable, __file__, "--memory", "1000000000"]
        subprocess.run([*command, "--posts", posts_file], check=True)


if __name__ == "__main__":
    main()
