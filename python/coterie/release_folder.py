"""The folder of releases: written aside, made durable, put in place by renames alone.

    releases/
        serving.duckdb          what BI opens: a hard link to the newest release's file
        latest -> <release_id>  the newest release's folder
        <release_id>/           one complete, read-only release
        .tmp-*, .old-*, .serving.next, .latest.next   leftovers of an interrupted publication

A reader sees the whole of one release or the whole of the next, because every step that it can see
is one rename, and everything a rename shows is on disk before it.
"""

import json
import os
import shutil
from pathlib import Path

SERVING = "serving.duckdb"
LATEST = "latest"
MANIFEST = "manifest.json"
READ_ONLY = 0o444


def clean(releases: Path) -> None:
    """Remove what an interrupted publication left, and put back a release it had moved aside."""
    releases.mkdir(parents=True, exist_ok=True)
    for aside in releases.glob(".old-*"):
        home = releases / aside.name.removeprefix(".old-")
        _remove(aside) if home.exists() else os.rename(aside, home)
    for leftover in [*releases.glob(".tmp-*"), *releases.glob(".*.next")]:
        _remove(leftover)


def seal(folder: Path) -> None:
    """Make every file of a folder read-only and durable, then the folders themselves."""
    entries = sorted(folder.rglob("*"), reverse=True)
    for path in entries:
        if path.is_file():
            path.chmod(READ_ONLY)
        sync(path)
    sync(folder)


def install(stage: Path, home: Path) -> None:
    """Rename a sealed folder to its final name; a release of the same name steps aside first."""
    aside = home.with_name(f".old-{home.name}")
    if home.exists():
        os.rename(home, aside)
    os.rename(stage, home)
    sync(home.parent)
    if aside.exists():
        _remove(aside)


def serve(home: Path) -> None:
    """Put a release's serving file and `latest` in place: the first rename is the commit point.

    A release without a serving file was put in place by its warehouse; only `latest` follows.
    """
    releases = home.parent
    if (home / SERVING).exists():
        following = releases / ".serving.next"
        _link(home / SERVING, following)
        os.replace(following, releases / SERVING)
        sync(releases)
    pointer = releases / ".latest.next"
    pointer.symlink_to(home.name, target_is_directory=True)
    os.replace(pointer, releases / LATEST)
    sync(releases)


def retain(home: Path, count: int) -> None:
    """Remove all but the `count` newest releases; `home`, just published, always stays.

    A folder without a manifest is none of ours and is left alone.
    """
    newest = sorted(siblings(home), key=_published, reverse=True)
    for release in newest[max(count - 1, 0) :]:
        remove(release)


def siblings(home: Path) -> list[Path]:
    """Return the other releases beside `home`, in the order of their names."""
    others = [path.parent for path in home.parent.glob(f"[!.]*/{MANIFEST}") if path.parent != home]
    return sorted(path for path in others if not path.is_symlink())


def remove(release: Path) -> None:
    """Remove a release: renamed first, so that a killed removal leaves no half behind its name."""
    going = release.with_name(f".tmp-{release.name}")
    os.rename(release, going)
    _remove(going)
    sync(release.parent)


def sync(path: Path) -> None:
    """Wait until a file's bytes, or a folder's names, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _published(release: Path) -> tuple[str, str]:
    manifest = json.loads((release / MANIFEST).read_text())
    return str(manifest.get("published_at", "")), release.name


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links, or with none left
        shutil.copyfile(source, target)
        target.chmod(READ_ONLY)
        sync(target)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
