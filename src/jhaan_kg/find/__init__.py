"""Search for entities, questions, sections and passages by words.

Results are ranked, and the found words are marked.
"""

from jhaan_kg.find.search import USUAL_LIMIT, Found, Hit, Search, check_text, open_search, search_texts

__all__ = ["USUAL_LIMIT", "Found", "Hit", "Search", "check_text", "open_search", "search_texts"]
