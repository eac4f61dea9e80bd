"""Articles → model inputs, model outputs → attributions: one path for training, scoring and tagging."""

from stance.encoding.batches import PADDING_DISTANCE, cue_distance, pad_windows
from stance.encoding.decode import (
    Calibration,
    CueReading,
    DecodeSettings,
    decode_cues,
    decode_role,
    to_attributions,
    with_their_verbs,
)
from stance.encoding.features import (
    STANCES,
    TAGS,
    CueTarget,
    EncodedArticle,
    Targets,
    Unreachable,
    encode_article,
    encode_targets,
)
from stance.encoding.pieces import WordPieces

__all__ = [
    "PADDING_DISTANCE",
    "STANCES",
    "TAGS",
    "Calibration",
    "CueReading",
    "CueTarget",
    "DecodeSettings",
    "EncodedArticle",
    "Targets",
    "Unreachable",
    "WordPieces",
    "cue_distance",
    "decode_cues",
    "decode_role",
    "encode_article",
    "encode_targets",
    "pad_windows",
    "to_attributions",
    "with_their_verbs",
]
