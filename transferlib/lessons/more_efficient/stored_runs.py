"""The runs that take too long for a page: the last two blocks of MiniLM, tuned. tools/two_blocks.py makes them."""

import json
from pathlib import Path

FILE = Path(__file__).with_name("two_blocks.json")


def stored_runs() -> list[dict]:
    """[{arm, setting, draw, steps, moved, chosen, test, seconds}]: accuracy on the rows to choose by, and on the test rows.

    The setting is the learning rate or, where nothing moves, the penalty.
    """
    return json.loads(FILE.read_text("utf-8"))
