"""The public face: articles in, attributions out."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from stance.encoding import WordPieces
from stance.errors import CheckpointError, MissingExtraError
from stance.runtime.backend import Backend
from stance.runtime.onnx_backend import SETTINGS_FILE, OnnxBackend
from stance.runtime.predict import predict
from stance.schema import Article

__all__ = ["DEFAULT_TAGGER", "Tagger"]

DEFAULT_TAGGER = Path(__file__).parent / "default_tagger"
"""The tagger that comes with the package."""


class Tagger:
    """Finds who takes which stance towards what.

    Args:
        backend: runs the network.
        pieces: the encoder's pieces.
        threshold: confidence below which attributions are left out.
        version: name of the model, for predictions that are written down.

    Example:
        >>> tagger = Tagger.from_pretrained()
        >>> article = tagger.tag("نفى وزير النفط سالم الحيدري وجود أي خلاف مع الشركة.")
        >>> for attribution in article.attributions:
        ...     print(attribution.stance, attribution.speaker and attribution.speaker.text_of(article.text))
        denies وزير النفط سالم الحيدري
    """

    def __init__(
        self, backend: Backend, *, pieces: WordPieces, threshold: float = 0.0, version: str = "arabic-stance"
    ) -> None:
        self.backend = backend
        self.pieces = pieces
        self.threshold = threshold
        self.version = version

    @classmethod
    def from_pretrained(cls, path: str | Path | None = None, *, threshold: float = 0.0, threads: int = 0) -> Tagger:
        """Load a tagger.

        Args:
            path: a folder that `stance export` wrote (ONNX) or the `model` folder of a training run (torch); by
                default the tagger that comes with the package.
            threshold: confidence, from 0 to 1, below which attributions are left out.
            threads: threads of ONNX Runtime; 0 leaves the choice to it.

        Raises:
            CheckpointError: if the folder holds no model.
            MissingExtraError: if it holds a torch model and torch is not installed.
        """
        folder = DEFAULT_TAGGER if path is None else Path(path)
        if (folder / SETTINGS_FILE).is_file():
            backend = OnnxBackend(folder, threads=threads)
            return cls(backend, pieces=WordPieces.load(folder), threshold=threshold, version=backend.version)
        if not (folder / "model.safetensors").is_file():
            raise CheckpointError(
                f"{folder}: holds neither {SETTINGS_FILE} (an exported tagger) nor model.safetensors (a trained model)"
            )
        try:
            from stance.models.loading import load_model
            from stance.runtime.torch_backend import TorchBackend
        except ImportError as error:
            raise MissingExtraError(f"A torch model ({folder})", extra="train") from error
        model, pieces = load_model(folder)
        return cls(TorchBackend(model), pieces=pieces, threshold=threshold, version=folder.resolve().parent.name)

    def tag(self, text: str) -> Article:
        """Tag one text.

        Args:
            text: an article as it came.

        Returns:
            The article with its attributions, in offsets of that very text.
        """
        return next(self.tag_many([text]))

    def tag_many(self, articles: Iterable[Article | str], *, batch_size: int = 16) -> Iterator[Article]:
        """Tag a stream of articles.

        Args:
            articles: articles or bare texts; read only as far as results are taken, `batch_size` at a time.
            batch_size: articles that are read together.

        Yields:
            The articles in order, with their attributions; bare texts are named by their number.
        """
        named = (
            Article(str(number), entry) if isinstance(entry, str) else entry for number, entry in enumerate(articles)
        )
        while batch := list(itertools.islice(named, batch_size)):
            for article in predict(batch, backend=self.backend, pieces=self.pieces):
                yield self._confident(article)

    def _confident(self, article: Article) -> Article:
        if self.threshold <= 0:
            return article
        kept = tuple(own for own in article.attributions if (own.score or 0.0) >= self.threshold)
        return replace(article, attributions=kept)
