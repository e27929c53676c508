"""The quarterly review: `python -m coterie.review`."""
