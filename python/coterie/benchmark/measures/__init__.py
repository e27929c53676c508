"""One file per measure; `python -m coterie.benchmark <file name>` finds it by its name."""
