"""How many small mistakes would the tests notice? Run by hand: python -m tests.mutants [a module …] [--each 40] [--seed 0]

Each mutant is one change in one place of one module: another comparison, operator or number, a condition turned round, a
statement left out. It is killed when a test of its module fails. TensorFlow is imported once, and each mutant is tried in a
fork of that process. (mutmut and cosmic-ray start a new interpreter for each, ten seconds before the first test.)
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import random
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
TESTS = {  # module: the tests that are to notice, quick ones first
    "tasks": ["tasks", "measures", "changes"],
    "own_data.tables": ["own_data/test_tables.py"],
    "own_data.columns": ["own_data/test_tables.py"],
    "own_data.pictures": ["own_data/test_pictures.py"],
    "own_data.texts": ["own_data/test_texts.py"],
    "own_data.copies": ["own_data/test_tables.py", "own_data/test_pictures.py"],
    "own_data.verdict": ["own_data/test_verdict.py"],
    "strategies": ["strategies", "training"],
    "training": ["training", "door"],
    "loops": ["training", "door"],
    "experiments": ["experiments", "executors"],
    "parts": ["door", "training"],
    "fingerprint": ["door", "cache"],
    "cache": ["cache", "executors"],
    "parallel": ["experiments", "executors", "cache"],
    "travel": ["executors"],
    "measures": ["measures", "experiments"],
    "claims": ["claims"],
    "lessons.feature_mapping.carrying": ["lessons/feature_mapping"],
}
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
TIME = 900  # seconds; a mutant that hangs is noticed


def places(tree):
    """Every (node, what to do to it) of a module, without annotations and docstrings."""
    skipped = {id(n) for node in ast.walk(tree) for a in ("annotation", "returns") if getattr(node, a, None) is not None
               for n in ast.walk(getattr(node, a))}  # fmt: skip
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
            yield node, "compare"
        elif isinstance(node, (ast.BoolOp, ast.BinOp)) and type(node.op) in SWAPS:
            yield node, "operator"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub)):
            yield node, "unary"
        elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            yield node, "number"
        elif isinstance(node, (ast.If, ast.IfExp, ast.While)):
            yield node, "condition"
        elif isinstance(node, (ast.FunctionDef, ast.For, ast.If, ast.With)):
            for child in node.body:
                if isinstance(child, (ast.Assign, ast.AugAssign, ast.Raise)) or (
                    isinstance(child, ast.Expr) and isinstance(child.value, ast.Call)
                ):
                    yield child, "left out"


def mutate(node, how):
    """Change a node in place."""
    if how == "compare":
        node.ops[0] = SWAPS[type(node.ops[0])]()
    elif how == "operator":
        node.op = SWAPS[type(node.op)]()
    elif how == "unary":
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else node.op
        if isinstance(node.op, ast.Not):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif how == "number":
        node.value = (not node.value) if isinstance(node.value, bool) else node.value + 1
    elif how == "condition":
        node.test = ast.UnaryOp(ast.Not(), node.test)
    else:
        place = {key: getattr(node, key) for key in ("lineno", "col_offset", "end_lineno", "end_col_offset")}
        node.__class__, node.__dict__ = ast.Pass, place


class Mutant(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed tree."""

    def __init__(self, name, code):
        self.name, self.code = name, code

    def find_spec(self, name, path, target=None):
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module):
        module.__file__ = str(ROOT / (self.name.replace(".", "/") + ".py"))
        exec(self.code, module.__dict__)


def survives(module, code, tests, *options):
    """Run the tests in a fork with the mutant in place of the module; whether all of them pass."""
    if not (child := os.fork()):
        os.setsid()
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        sys.meta_path.insert(0, Mutant(f"transferlib.{module}", code))
        import pytest

        files = [str(path) for name in tests for path in (FOLDER / f"test_{name}.py", FOLDER / name) if path.exists()]
        assert files, f"there are no tests {tests}"
        os._exit(pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", *options, *files]) != 0)
    end = time.monotonic() + TIME
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.05)
    os.killpg(child, 9)
    os.waitpid(child, 0)
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=list(TESTS))
    parser.add_argument("--each", type=int, default=40, help="how many mutants of a module at most")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    import keras  # noqa: F401
    import matplotlib.figure  # noqa: F401
    import scipy.stats  # noqa: F401
    import sklearn.linear_model  # noqa: F401
    import tensorflow  # noqa: F401

    score = {}
    for module in asked.modules:
        source = (ROOT / "transferlib" / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
        tree = ast.parse(source)
        assert survives(module, compile(tree, module, "exec"), TESTS[module]), f"the tests of {module} fail without a mutant"
        count = len(list(places(tree)))
        chosen = random.Random(f"{module} {asked.seed}").sample(range(count), min(asked.each, count))
        alive = []
        for number in sorted(chosen):
            changed = copy.deepcopy(tree)
            node, how = list(places(changed))[number]
            line, before = node.lineno, ast.unparse(node).splitlines()[0]
            mutate(node, how)
            after = ast.unparse(ast.fix_missing_locations(node)).splitlines()[0]
            if survives(module, compile(ast.fix_missing_locations(changed), module, "exec"), TESTS[module]):
                alive.append(f"  {module}.py:{line} {how}: {before}  →  {after}")
                print(alive[-1], flush=True)
        score[module] = len(chosen) - len(alive), len(chosen)
        print(f"{module}: {score[module][0]} of {score[module][1]} mutants killed ({count} possible)", flush=True)
    killed, tried = (sum(column) for column in zip(*score.values()))
    print(f"{killed} of {tried} killed: {100 * killed / tried:.0f} %")


if __name__ == "__main__":
    main()
