"""What a lesson's own page defines: its functions as a test can call them, without running the lesson."""

import ast
import json
from pathlib import Path
from types import SimpleNamespace

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def page(number: str, **names) -> SimpleNamespace:
    """A lesson's imports, functions, classes and plain constants, in their order; nothing else is run.

    names   what its functions find in place of what the lesson has computed by then, such as task=…
    """
    (path,) = NOTEBOOKS.glob(f"{number}_*.ipynb")
    scope = {"__name__": path.stem}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            kept = [node for node in ast.parse("".join(cell["source"])).body if _defines(node)]
            exec(compile(ast.Module(kept, []), path.name, "exec"), scope)
    scope |= names
    return SimpleNamespace(**scope)


def _defines(node):
    if isinstance(node, ast.Assign):
        try:
            ast.literal_eval(node.value)
        except ValueError:
            return False
        return all(isinstance(target, ast.Name) and target.id.isupper() for target in node.targets)
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef)
