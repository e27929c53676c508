"""Writes the staging models of a new source from its files, and says what in them is a guess."""
