"""A pytest plugin: nbval compares whole numbers exactly, and decimals to five units of the last place that is printed.

TensorFlow adds in another order on another processor, so an accuracy over ten seeds can move by a unit in its last place.
Text must be the same to the letter. What nbval did not compare before is not compared now.
"""

import re

from nbval.plugin import IPyNbCell

DECIMAL = re.compile(r"(?<![\w.])([+-]?\d+\.\d+)(?![\w.]*\d)")
UNITS = 5


def close(test, ref):
    """Whether two texts are the same but for decimals that lie within UNITS of the last place that both print."""
    if DECIMAL.sub("#", test) != DECIMAL.sub("#", ref):
        return False
    for a, b in zip(DECIMAL.findall(test), DECIMAL.findall(ref)):
        places = [len(text.split(".")[1]) for text in (a, b)]
        if abs(float(a) - float(b)) > UNITS * 10.0 ** -min(places) * 1.0001:
            return False
    return True


def _texts(outputs):
    """[(the dict that holds a text, its key)] of a cell's outputs."""
    found = []
    for output in outputs:
        found += [(output["data"], key) for key in ("text/plain", "text/html") if key in output.get("data", {})]
        found += [(output, "text")] if "text" in output else []
    return found


_compare = IPyNbCell.compare_outputs


def compare_outputs(self, test, ref, skip_compare=None):
    if [key for _, key in _texts(test)] == [key for _, key in _texts(ref)]:
        for (mine, key), (stored, _) in zip(_texts(test), _texts(ref)):
            if close(mine[key], stored[key]):
                mine[key] = stored[key]
    return _compare(self, test, ref, skip_compare)


IPyNbCell.compare_outputs = compare_outputs
