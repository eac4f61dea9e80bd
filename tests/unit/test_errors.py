"""The exception tree."""

from __future__ import annotations

import inspect

import pytest

from stance import errors
from stance.errors import ConfigError, FormatError, MissingExtraError, StanceError, first_line

TREE = [getattr(errors, name) for name in errors.__all__]


def test_every_error_grows_from_one_root_and_says_when_it_is_raised() -> None:
    for error in TREE:
        assert issubclass(error, StanceError)
        assert error.__name__ in (errors.__doc__ or "") or error is StanceError
        assert inspect.getdoc(error) != inspect.getdoc(Exception)


@pytest.mark.parametrize(("name", "builtin"), [("SchemaError", ValueError), ("MissingExtraError", ImportError)])
def test_errors_are_also_the_built_in_ones_that_callers_expect(name: str, builtin: type[Exception]) -> None:
    assert issubclass(getattr(errors, name), builtin)


def test_a_format_error_names_its_place() -> None:
    assert str(FormatError("no text", where="a.jsonl:3")) == "a.jsonl:3: no text"
    assert (str(FormatError("no text")), FormatError("no text").where) == ("no text", None)


def test_a_config_error_lists_every_fault() -> None:
    error = ConfigError(["a: must be above 0", "b: is missing"])
    assert str(error) == "2 fault(s) in the configuration:\n  - a: must be above 0\n  - b: is missing"
    assert error.faults == ("a: must be above 0", "b: is missing")


def test_a_missing_extra_says_what_to_install() -> None:
    error = MissingExtraError("training", extra="train")
    assert str(error).endswith("install them with: pip install 'arabic-stance[train]'")
    assert error.extra == "train"


@pytest.mark.parametrize(
    ("error", "line"), [(OSError("cut\nhere"), "cut"), (KeyError(), "KeyError"), (ValueError("\nlate"), "ValueError")]
)
def test_the_first_line_of_a_foreign_error_names_it_where_it_says_nothing(error: Exception, line: str) -> None:
    assert first_line(error) == line
