"""Where the files of a source lie: a folder, or the data folder of a package."""

from importlib.util import find_spec
from pathlib import Path


class SourceNotFoundError(FileNotFoundError):
    """Neither a folder nor an installed package has the name that the profile gives."""


def folder(source: str, location: str) -> Path:
    """Return the folder of a source's files.

    Args:
        source: its name, for the error.
        location: a folder, or the name of a package that ships its files in `data/`.

    Raises:
        SourceNotFoundError: when it is neither.

    """
    if location and Path(location).is_dir():
        return Path(location).resolve()
    package = find_spec(location) if location.isidentifier() else None
    if package is None or package.origin is None:
        raise SourceNotFoundError(
            f"source {source}: {location!r} is neither a folder nor an installed package; "
            f"set COTERIE_{source.upper()} or install the package"
        )
    return Path(package.origin).parent / "data"
