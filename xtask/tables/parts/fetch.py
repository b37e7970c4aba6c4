"""Fetch the pinned packages with npm, pip and cargo, and check their sha256."""

import hashlib
import shutil
import subprocess
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass, field
from pathlib import Path


class FetchError(RuntimeError):
    """A package could not be fetched, or is not the one that was pinned."""


@dataclass
class Source:
    id: str
    kind: str
    package: str
    version: str
    licence: str
    sha256: list
    takes: str
    root: Path = field(default=Path())

    def label(self):
        return f"{self.kind} {self.package} {self.version} ({self.licence})"


def load(manifest):
    """The pinned sources in file order, keyed by id."""
    entries = tomllib.loads(manifest.read_text(encoding="utf-8"))["source"]
    return {entry["id"]: Source(**entry) for entry in entries}


def prepare(manifest, cache, offline=False):
    """Fetch what is missing, check it, unpack it, and return the sources."""
    cache = cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    sources = load(manifest)
    for source in sources.values():
        if source.kind == "crates":
            source.root = _crate(source, cache, offline)
        else:
            archive = _archive(source, cache, offline)
            source.root = _unpack(archive, cache / "unpacked" / f"{source.id}-{source.version}")
    return sources


def _digest(path):
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _run(command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode != 0:
        raise FetchError(f"{' '.join(command[:3])} failed: {done.stderr.strip()[-400:]}")


def _archive(source, cache, offline):
    """The archive whose digest is pinned, from the cache or its client."""
    folder = cache / "archives" / f"{source.id}-{source.version}"
    folder.mkdir(parents=True, exist_ok=True)
    found = _pinned(source, folder)
    if found is None and not offline:
        spec = {"npm": "@", "pypi": "=="}[source.kind].join([source.package, source.version])
        if source.kind == "npm":
            _run(["npm", "pack", spec, "--pack-destination", str(folder)], folder)
        else:
            _run(["pip", "download", "--no-deps", "-d", str(folder), spec], folder)
        found = _pinned(source, folder)
    if found is None:
        raise FetchError(f"{source.package} {source.version}: no file with a pinned sha256 in the cache")
    return found


def _pinned(source, folder):
    for path in sorted(folder.iterdir()):
        if path.is_file() and _digest(path) in source.sha256:
            return path
    return None


def _unpack(archive, target):
    """Unpack once; a marker file records which archive the folder holds."""
    marker = target / ".from"
    digest = _digest(archive)
    if marker.is_file() and marker.read_text() == digest:
        return target
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as bundle:
            bundle.extractall(target)
    else:
        with tarfile.open(archive) as bundle:
            bundle.extractall(target, filter="data")
    marker.write_text(digest)
    return target


def _crate(source, cache, offline):
    """Vendor one crate through a throwaway manifest.

    cargo checks the archive against the checksum it writes into Cargo.lock, so
    comparing that checksum with the pinned one covers the archive.
    """
    work = cache / "crates" / f"{source.package}-{source.version}"
    lock = work / "Cargo.lock"
    if not (work / "vendor").is_dir():
        (work / "src").mkdir(parents=True, exist_ok=True)
        (work / "src" / "lib.rs").write_text("")
        (work / "Cargo.toml").write_text(
            '[package]\nname = "throwaway"\nversion = "0.0.0"\nedition = "2021"\n'
            f'[dependencies]\n"{source.package}" = "={source.version}"\n[workspace]\n'
        )
        extra = ["--offline"] if offline else []
        _run(["cargo", "vendor", "--quiet", *extra, "vendor"], work)
    for package in tomllib.loads(lock.read_text())["package"]:
        if (package["name"], package["version"]) == (source.package, source.version):
            if package.get("checksum") in source.sha256:
                return work / "vendor" / source.package
            raise FetchError(f"{source.package} {source.version}: sha256 differs from the pinned one")
    raise FetchError(f"{source.package} {source.version}: not in the lock file")
