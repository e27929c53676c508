"""Benchmarks: each measure beside its peer in one run, equal results first, then what both cost."""
