"""Words, sentences and windows over raw text, with exact offsets."""

from stance.text.normalise import fold_word, normalise_word
from stance.text.sentences import SENTENCE_STOPS, sentence_numbers
from stance.text.windows import Window, plan_windows
from stance.text.words import INVISIBLE, Word, WordIndex, split_words

__all__ = [
    "INVISIBLE",
    "SENTENCE_STOPS",
    "Window",
    "Word",
    "WordIndex",
    "fold_word",
    "normalise_word",
    "plan_windows",
    "sentence_numbers",
    "split_words",
]
