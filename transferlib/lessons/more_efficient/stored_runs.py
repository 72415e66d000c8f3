"""The runs that take too long for a page: the last two blocks of MiniLM, tuned. tools/two_blocks.py makes them."""

import json
from pathlib import Path

FILE = Path(__file__).with_name("two_blocks.json")
DRAWS = tuple(range(10))
TRIED_ON = 5  # draws on which each setting is tried; the others get the one that reads the rows to choose by best there
RANK = 4
STEPS = (60,)
RATES = {f"LoRA, rank {RANK}": (3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2), "both blocks": (3e-5, 1e-4, 3e-4, 1e-3)}
PENALTIES = 0.001, 0.01, 0.1, 1, 10  # of a logistic regression: scikit-learn's C
SETTINGS = dict.fromkeys(("block 6", "block 4", "blocks 4 to 6"), PENALTIES) | RATES


def stored_runs() -> list[dict]:
    """[{arm, setting, draw, steps, moved, chosen, test, seconds}]: accuracy on the rows to choose by, and on the test rows.

    The setting is the learning rate or, where nothing moves, the penalty.
    """
    return json.loads(FILE.read_text("utf-8")) if FILE.is_file() else []
