"""What each module offers: a sorted `__all__` that holds what others import; and what importing costs."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import stance

SOURCE = Path(stance.__file__).parent
MODULES = sorted({"stance", *(found.name for found in pkgutil.walk_packages([str(SOURCE)], "stance."))})
# Packages whose rooms are entered one by one.
HEAVY = ("torch", "transformers", "hydra", "omegaconf", "datasets", "label_studio_sdk")


def order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions, as ruff sorts them."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


def tree(module: str) -> ast.Module:
    path = SOURCE.joinpath(*module.split(".")[1:])
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.train
@pytest.mark.parametrize("module", MODULES)
def test_all_is_sorted_and_true(module: str) -> None:
    loaded = importlib.import_module(module)
    offered = getattr(loaded, "__all__", [])
    assert list(offered) == sorted(set(offered), key=order)
    for name in offered:
        assert hasattr(loaded, name)


@pytest.mark.train
@pytest.mark.parametrize("module", [name for name in MODULES if (SOURCE.joinpath(*name.split(".")[1:])).is_dir()])
def test_a_package_offers_exactly_what_it_gathers(module: str) -> None:
    loaded = importlib.import_module(module)
    gathered = {
        name
        for name, value in vars(loaded).items()
        if not name.startswith("_") and not inspect.ismodule(value) and name != "annotations"
    }
    assert gathered == set(getattr(loaded, "__all__", [])) - {"__version__"}


@pytest.mark.parametrize("module", [name for name in MODULES if not (SOURCE.joinpath(*name.split(".")[1:])).is_dir()])
def test_a_module_offers_only_what_it_defines(module: str) -> None:
    body = tree(module).body
    offered = next(
        (
            set(ast.literal_eval(node.value))
            for node in body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        ),
        None,
    )
    if offered is None:
        return
    defined = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in body:
        if isinstance(node, ast.Assign):
            defined |= {ast.unparse(target) for target in node.targets}
        elif isinstance(node, ast.AnnAssign):
            defined.add(ast.unparse(node.target))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(module.rpartition(".")[0] + "."):
            defined |= {alias.name for alias in node.names}  # handed on from the same package
    assert offered <= defined


def modules_after(program: str) -> set[str]:
    code = f"{program}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_import_stance_is_light() -> None:
    assert not modules_after("import stance") & {*HEAVY, "numpy", "onnxruntime", "tokenizers"}


def test_all_that_tagging_needs_comes_without_the_training_side() -> None:
    rooms = ["text", "formats", "formats.sources", "formats.table", "lint", "metrics", "encoding", "baseline"]
    rooms += ["runtime.predict", "runtime.onnx_backend", "tagger", "cli"]
    program = "; ".join(f"import stance.{room}" for room in rooms)
    assert not modules_after(program) & set(HEAVY)
