"""Agreement of two annotators on articles of ten words, worked by hand."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from stance.errors import FormatError
from stance.metrics import Counts
from stance.metrics.agreement import Version, agreement
from stance.metrics.disagreement import Difference, compare_versions
from stance.schema import Article, Attribution, Part, Span, Stance

pytest.importorskip("krippendorff")
pytest.importorskip("sklearn")
pytestmark = pytest.mark.train

TEXT = "قال الوزير إن الماء نظيف ورفض المجلس الخطة كلها اليوم"


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def article(*attributions: Attribution, id: str = "n1") -> Article:
    return Article(id, TEXT, attributions)


SAID = Attribution(span("قال"), Stance.STATES, span("الوزير"), span("إن الماء نظيف"))
REFUSED = Attribution(span("ورفض"), Stance.REJECTS, span("المجلس"), span("الخطة كلها اليوم"))
AMAL = article(SAID, REFUSED)
BASIM = article(
    replace(SAID, stance=Stance.CONFIRMS, content=span("إن الماء")),
    replace(REFUSED, speaker=None, content=span("اليوم")),
)
VERSIONS = [
    Version("Amal", AMAL, "2026-01-05T10:00"),
    Version("Basim", BASIM, "2026-01-31T10:00"),
    Version("Amal", article(SAID, id="n2"), "2026-01-06T10:00"),
    Version("Basim", article(SAID, id="n2"), "2026-02-01T10:00"),
]


def test_spans() -> None:
    [pair] = agreement(VERSIONS[:2]).pairs
    spans = pair.figures.spans
    assert spans[Part.CUE].exact == spans[Part.CUE].overlap == Counts(2, 2, 2)
    assert spans[Part.SPEAKER].exact == Counts(1, 1, 2)
    assert spans[Part.CONTENT].exact == Counts(0, 2, 2)
    assert spans[Part.CONTENT].overlap == Counts(1, 2, 2), "2 of 3 words are enough, 1 of 3 is not"


def test_coefficients() -> None:
    figures = agreement(VERSIONS[:2]).pairs[0].figures
    # Ten words, twenty labels. Alpha is 1 - observed / expected disagreement.
    assert figures.alpha["cue"] == pytest.approx(1.0)
    assert figures.alpha["speaker"] == pytest.approx(1 - (2 / 20) / (2 * 3 * 17 / 380))
    assert figures.alpha["content"] == pytest.approx(1 - (6 / 20) / (2 * 9 * 11 / 380))
    assert figures.alpha["stance"] == pytest.approx(1 - (2 / 20) / ((400 - 16**2 - 1 - 1 - 2**2) / 380))
    # Of two cues one has the same stance; by chance a quarter would.
    assert figures.kappa == pytest.approx((0.5 - 0.25) / (1 - 0.25))
    assert figures.stances == {(Stance.STATES, Stance.CONFIRMS): 1, (Stance.REJECTS, Stance.REJECTS): 1}


def test_who_takes_which_stance() -> None:
    figures = agreement(VERSIONS).pairs[0].figures
    assert figures.who_stance == Counts(2, 6, 6), "one of three, in both directions"
    assert figures.articles == 2


def test_over_time() -> None:
    [pair] = agreement(VERSIONS).pairs
    assert [(name, figures.who_stance.f1) for name, figures in pair.periods] == [("2026-01", 0.0), ("2026-02", 1.0)]
    by_number = agreement(VERSIONS, every=1).pairs[0].periods
    assert [name for name, _ in by_number] == ["articles 1–1", "articles 2–2"]
    undated = agreement([replace(version, when="") for version in VERSIONS]).pairs[0].periods
    assert [name for name, _ in undated] == ["articles 1–2"]


def test_what_is_to_be_adjudicated() -> None:
    [pair] = agreement(VERSIONS).pairs
    first, second = pair.comparisons
    assert [own.differences for own in first.disagreements] == [
        (Difference.STANCE,),
        (Difference.SPEAKER, Difference.CONTENT),
    ]
    assert second.disagreements == ()


def test_an_attribution_of_one_alone_is_a_disagreement_unless_it_is_optional() -> None:
    def differences(own: Attribution) -> list[tuple[Difference, ...]]:
        found = compare_versions(Version("Amal", article(own)), Version("Basim", article()))
        return [disagreement.differences for disagreement in found.disagreements]

    assert differences(SAID) == [(Difference.CUE,)]
    assert differences(replace(SAID, optional=True)) == []


def test_an_optional_attribution_of_one_alone_is_no_error_of_who_takes_which_stance() -> None:
    lone = article(SAID, replace(REFUSED, optional=True))
    for one, other in ((lone, article(SAID)), (article(SAID), lone)):
        figures = agreement([Version("Amal", one), Version("Basim", other)]).pairs[0].figures
        assert figures.who_stance == Counts(2, 2, 2)
    both = agreement([Version("Amal", lone), Version("Basim", article(SAID, REFUSED))]).pairs[0].figures
    assert both.who_stance == Counts(3, 3, 3), "one that is paired still counts where it is the guess"


def test_a_stance_that_the_other_accepts_is_no_disagreement() -> None:
    lenient = article(replace(SAID, stance=Stance.CONFIRMS, alt=(Stance.STATES,)))
    for one, other in ((lenient, article(SAID)), (article(SAID), lenient)):
        assert not compare_versions(Version("Amal", one), Version("Basim", other)).disagreements


def test_where_nothing_varies_a_coefficient_is_not_defined() -> None:
    figures = agreement([Version("Amal", article()), Version("Basim", article())]).pairs[0].figures
    assert set(figures.alpha.values()) == {None} and figures.kappa is None
    same = agreement([Version("Amal", article(SAID)), Version("Basim", article(SAID))]).pairs[0].figures
    assert same.kappa is None and same.alpha["stance"] == pytest.approx(1.0) and same.who_stance.f1 == 1.0


def test_every_two_of_three_annotators_are_a_pair() -> None:
    versions = [*VERSIONS, Version("Camila", article(SAID, id="n2"), "2026-02-02")]
    assert [(pair.annotators, pair.figures.articles) for pair in agreement(versions).pairs] == [
        (("Amal", "Basim"), 2),
        (("Amal", "Camila"), 1),
        (("Basim", "Camila"), 1),
    ]


@pytest.mark.parametrize("reverse", [False, True])
def test_of_two_versions_by_one_annotator_the_later_counts(reverse: bool) -> None:
    versions = [*VERSIONS[:2], replace(VERSIONS[1], article=AMAL, when="2026-03-01")]
    [pair] = agreement(reversed(versions) if reverse else versions).pairs
    assert pair.figures.who_stance.f1 == 1.0


def test_versions_of_different_texts_are_left_out_and_named() -> None:
    changed = Version("Basim", Article("n3", TEXT + "."))
    report = agreement([*VERSIONS, Version("Amal", article(id="n3")), changed])
    assert report.skipped == ("n3",)
    assert report.pairs == agreement(VERSIONS).pairs


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(FormatError, match="no article has two annotators of the same text; give"):
        agreement([Version("Amal", article()), Version("Basim", article(id="n2"))])
    with pytest.raises(FormatError, match="the texts of 1 shared articles differ"):
        agreement([Version("Amal", article()), Version("Basim", Article("n1", TEXT + "."))])


def test_a_missing_package_is_named_with_the_extra_that_brings_it() -> None:
    program = (
        "import sys; sys.modules['krippendorff'] = None\n"
        "from stance.errors import MissingExtraError\n"
        "from stance.metrics.agreement import agreement\n"
        "try: agreement([])\n"
        "except MissingExtraError as error: print(error.extra)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "train"
