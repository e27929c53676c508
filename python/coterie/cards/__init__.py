"""Model cards: what a version is for, what it was made of, how it was judged, where it fails.

The headings follow Mitchell et al., "Model Cards for Model Reporting" (2019). Everything in a card
comes from published tables; a table that a release does not have is named as missing.
"""

from coterie.cards.pages import TABLES, card, facts_of, html_page, index_page, versions_of, write

__all__ = ["TABLES", "card", "facts_of", "html_page", "index_page", "versions_of", "write"]
