"""Finds, in Arabic news, who takes which stance towards what."""

from stance.schema import FOUR_STANCES, Article, Attribution, Part, Span, Stance

__version__ = "0.1.0"

__all__ = ["FOUR_STANCES", "Article", "Attribution", "Part", "Span", "Stance", "__version__"]
