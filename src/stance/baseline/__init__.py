"""A lexicon of cues with simple rules: the baseline that a model must beat."""

from stance.baseline.rules import tag_with_rules

__all__ = ["tag_with_rules"]
