"""How many small mistakes would the tests notice? Run by hand: python -m tests.mutants [a room …] [--each 6] [--seed 0]

Each mutant is one change in one place of a module: another comparison, operator or number, a condition turned round, a
statement left out. They are drawn at random from each room: the core, own_data, plots, widgets, exercises, lessons; or from
what is named, such as `plots`, `training` or `lessons.evaluation`. A mutant is killed when a test of its room fails: of the
core those that import its module, of lessons those of its folder, and, of a lesson's pictures and panel, those of all
pictures and panels. TensorFlow is imported once, and each mutant is tried in a fork of that process, as many at a time as
there are cores. (mutmut and cosmic-ray start a new interpreter for each, ten seconds before the first test.)
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import io
import os
import random
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE, TESTS = ROOT / "transferlib", ROOT / "tests"
ROOMS = "core", "own_data", "plots", "widgets", "exercises", "lessons"
OF_ALL = "test_browser.py", "test_second_day.py", "test_notebooks.py", "test_project.py"  # no module's own
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

    def __init__(self, path, code):
        self.path, self.code = path, code
        self.name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    def find_spec(self, name, path, target=None):
        inside = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        its = dict(loader=self, submodule_search_locations=inside)
        return importlib.util.spec_from_file_location(name, self.path, **its) if name == self.name else None

    def exec_module(self, module):
        exec(self.code, module.__dict__)


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else "core"


def modules(wanted: str) -> list[Path]:
    """The modules of a room, of a folder in it, or one module."""
    inside = PACKAGE / wanted.replace(".", "/")
    found = PACKAGE.glob("*.py") if wanted == "core" else [inside.with_suffix(".py"), *inside.rglob("*.py")]
    found = sorted(path for path in found if path.exists() and path != PACKAGE / "__init__.py")
    assert found, f"there is no room or module {wanted}"
    return found


def tests_of(path: Path) -> list[Path]:
    """The files of tests that are to notice a mistake in a module, its own first."""
    own = path.relative_to(PACKAGE)
    if room(path) == "core":
        name = re.compile(rf"transferlib\.{path.stem}\b|from transferlib import [^\n]*\b{path.stem}\b")
        files = [file for file in TESTS.glob("test_*.py") if file.name not in OF_ALL]
        files = [file for file in files if name.search(file.read_text("utf-8"))]
    else:
        folders = [own.parent] + [Path(shared) for shared in ("plots", "widgets") if own.name == f"{shared}.py"]
        files = [file for folder in folders for file in (TESTS / folder).rglob("test_*.py")]
    return sorted(files, key=lambda file: (file.name != f"test_{path.stem}.py", file.stat().st_size))


forking = threading.Lock()


def passes(files: list[Path], path: Path | None = None, code=None, only: str = "") -> bool:
    """Run files of tests, or what pytest's -k takes of them, in a fork, where changed code takes the place of a module;
    whether all tests pass in time.
    """
    if not files:
        return True
    with forking:
        child = os.fork()
    if not child:
        try:
            os.setsid()
            sys.stdout = sys.stderr = io.StringIO()
            if path:
                sys.meta_path.insert(0, Mutant(path, code))
            import pytest

            ended = pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", only, *map(str, files)])
            os._exit(ended not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED))
        finally:
            os._exit(1)
    end = time.monotonic() + TIME
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.05)
    os.killpg(child, 9)
    os.waitpid(child, 0)
    return False


def draw(wanted: str, each: int, seed: int) -> list[tuple]:
    """(module, its changed code, what was changed) of some mutants of a room."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in modules(wanted)}
    all_places = [(path, number) for path, tree in trees.items() for number, _ in enumerate(places(tree))]
    drawn = []
    for path, number in sorted(random.Random(f"{wanted} {seed}").sample(all_places, min(each, len(all_places)))):
        changed = copy.deepcopy(trees[path])
        node, how = list(places(changed))[number]
        line, before = node.lineno, ast.unparse(node).splitlines()[0]
        mutate(node, how)
        after = ast.unparse(ast.fix_missing_locations(node)).splitlines()[0]
        code = compile(ast.fix_missing_locations(changed), str(path), "exec")
        drawn.append((path, code, f"{path.relative_to(PACKAGE)}:{line} {how}: {before}  →  {after}"))
    return drawn


def main():
    """Print each survivor as soon as it is one, then a table: how many of each room's mutants were killed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wanted", nargs="*", default=ROOMS, metavar="room or module")
    parser.add_argument("--each", type=int, default=6, help="how many mutants of each at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    begin = time.monotonic()
    drawn = {wanted: draw(wanted, asked.each, asked.seed) for wanted in asked.wanted}

    with tempfile.TemporaryDirectory() as programs, ThreadPoolExecutor(asked.jobs) as pool:
        os.environ["TF_XLA_FLAGS"] = f"--tf_xla_persistent_cache_directory={programs}"  # what one compiled serves all
        import transferlib  # noqa: F401  (first: it sets how TensorFlow computes)

        for name in [name for name in sys.modules if name.startswith("transferlib.")]:
            del sys.modules[name]  # it is to be imported in the fork, where it may be changed
        import keras  # noqa: F401
        import matplotlib.figure  # noqa: F401
        import scipy.stats  # noqa: F401
        import sklearn.linear_model  # noqa: F401
        import tensorflow  # noqa: F401

        files = sorted({file for mutants in drawn.values() for path, *_ in mutants for file in tests_of(path)})
        red = {file for file, good in zip(files, pool.map(lambda file: passes([file]), files)) if not good}
        for file in sorted(red):
            print(f"{file.relative_to(ROOT)} fails without a mutant, and is left out", flush=True)

        def survives(mutant):
            path, code, what = mutant
            only = path.parent.name if path.match("lessons/*/plots.py") else ""
            alive = passes([file for file in tests_of(path) if file not in red], path, code, only)
            if alive:
                print(f"  {what}", flush=True)
            return alive

        print(f"{(time.monotonic() - begin) / 60:.1f} minutes without a mutant. These survive:", flush=True)
        alive = defaultdict(list)
        jobs = [(wanted, mutant) for wanted, mutants in drawn.items() for mutant in mutants]
        for (wanted, _), still in zip(jobs, pool.map(survives, [mutant for _, mutant in jobs])):
            alive[wanted].append(still)
    for wanted, its in [*alive.items(), ("all", sum(alive.values(), []))]:
        print(f"{wanted:24} {len(its) - sum(its):3} of {len(its):3} killed: {100 * (1 - sum(its) / len(its)):3.0f} %")
    print(f"{(time.monotonic() - begin) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
