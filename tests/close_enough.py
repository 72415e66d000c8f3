"""A pytest plugin for nbval: what a lesson prints must come out as stored, on any processor, as far as it was measured.

Processors add in different orders, and now and then training makes a point of 1e-7. So a mean stands beside its error,
`0.924 ± 0.003` or `+3.8 [+1.8, +5.9] points, 10 seeds` (the 95 % interval of Student's t), and that stored error says how
far the numbers may move. What may differ:

- a mean: by half a standard error (so that its sign may flip only that near to zero);
- a standard error: by a quarter, or by one unit of its last place;
- the ends of an interval: by half a standard error, and a quarter of their distance from the mean;
- any other decimal: by one unit of its last place.

Words and whole numbers must be equal; how many blanks stand between them, in a table, need not. What nbval did not compare
before is not compared now.

A cell with the tag `unsteady` was red on another processor: it trains so long, or against an adversary, that what processors
round differently grows until a run is another draw. There a mean may differ by three standard errors and its error by a
factor of three; whether a claim holds is a word, and must be as stored.

A cell with the tag `one-run` shows one training of a large network by hand: its decimals may differ by ten units of
their last place, a tenth where there are two.
"""

import re

from nbval.plugin import IPyNbCell
from scipy import stats

NUMBER = r"[+-]?\d+(?:,\d{3})*(?:\.\d+)?"
MEASURED = re.compile(
    rf"(?<![\w.,])(?P<middle>{NUMBER}) \[(?P<low>{NUMBER}), (?P<high>{NUMBER})\]"
    rf"|(?<![\w.,])(?P<mean>{NUMBER}) ± (?P<error>{NUMBER})(?![\w.]*\d)"
    r"|(?<![\w.])(?P<decimal>[+-]?\d+\.\d+)(?![\w.]*\d)"
)
SEEDS = re.compile(r"(?<![\w.,])(\d+) seeds")
USUAL = 10  # seeds, where the line of an interval does not say how many


def _value(text):
    return float(text.replace(",", ""))


def _unit(text):
    """What the last place of a number is worth: 0.001 of '0.924', 1 of '42'."""
    return 10.0 ** -len(text.partition(".")[2])


def standard_error(found):
    """The standard error that goes with a match of MEASURED, as it is printed there; 0 for a decimal that has none."""
    if found["error"]:
        return _value(found["error"])
    if not found["middle"]:
        return 0.0
    before, after = found.string[: found.start()].rpartition("\n")[2], found.string[found.end() :].partition("\n")[0]
    seeds = SEEDS.search(after) or SEEDS.search(before)
    half = (_value(found["high"]) - _value(found["low"])) / 2
    return half / stats.t.ppf(0.975, int(seeds[1] if seeds else USUAL) - 1)


def _words(text):
    """A text with the kind of each measured number in the number's place; a table is as wide as its longest number."""
    return re.sub(" +", " ", MEASURED.sub(lambda found: f"<{found.lastgroup}>", text))


def close(test, ref, unsteady=False, one_run=False):
    """Whether a text is the stored one, `ref`, but for measured numbers, each as near to it as the stored error asks."""
    errors, of_errors, of_ends = (3, 2, 2) if unsteady else (1 / 2, 1 / 4, 1 / 4)
    if _words(test) != _words(ref):
        return False
    for new, old in zip(MEASURED.finditer(test), MEASURED.finditer(ref)):
        error = standard_error(old)
        for name, stored in old.groupdict().items():
            if stored is None:
                continue
            limit = error * errors
            if name == "error":
                limit = max(error * of_errors, _unit(stored))
            elif name == "decimal":
                limit = min(_unit(stored), _unit(new[name])) * (10 if one_run else 1)
            elif name in ("low", "high"):
                limit += abs(_value(stored) - _value(old["middle"])) * of_ends
            if not abs(_value(new[name]) - _value(stored)) <= limit * 1.0001:
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
            if close(
                mine[key], stored[key], *(tag in self.cell.metadata.get("tags", []) for tag in ("unsteady", "one-run"))
            ):
                mine[key] = stored[key]
    return _compare(self, test, ref, skip_compare)


IPyNbCell.compare_outputs = compare_outputs
