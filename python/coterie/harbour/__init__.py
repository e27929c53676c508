"""Harbour, a made-up coastal outfitter: the data of its systems, and the truth behind them.

`python -m coterie.harbour <folder>` writes the tables that four systems and a calendar would give,
and apart in `<folder>/truth/` what nobody else knows: who is who, and what was planted. All rules
and numbers of the company are in `plan.py`.
"""
