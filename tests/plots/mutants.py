"""Would the tests notice a picture that draws something else than the data? Run by hand: python -m tests.plots.mutants

Each mutant is one change of one line, made by hand: another arm, axis, sign, seed or length. (Changed at random, most would
be another font.) `tests.mutants` tries it in a fork.
"""
# ruff: noqa: E501, a mutant a line

import sys

from tests.mutants import PACKAGE, TESTS, passes

LESSONS, CANVAS = "lessons.{}.plots".format, "plots.canvas"
ROWS, FOUR = "plots.rows", "lessons.evaluation.plots"
MUTANTS = [  # (what is drawn wrong, module, the line's words, what they become)
    # the ten that the review found alive
    ("the sign of paired differences turned", ROWS, "right.interval_row(gain, 0", "right.interval_row(-gain, 0"),
    ("a 50 % band", CANVAS, "mean, low, high = interval(values)\n            self.fill", "mean, low, high = interval(values, 0.5)\n            self.fill"),
    ("a 50 % bar", CANVAS, "mean, low, high = interval(values)\n        self.plot([low", "mean, low, high = interval(values, 0.5)\n        self.plot([low"),
    ("a mean 0.1 off", CANVAS, "[np.mean(values)] * 2", "[np.mean(values) + 0.1] * 2"),
    ("every arm drawn as the first", CANVAS, "self.interval_row(group[name], row", "self.interval_row(group[next(iter(group))], row"),
    ("all seeds drawn from the chosen", FOUR, "100 * (every[name] - every[control])", "100 * (some[name] - some[control])"),
    ("a confusion matrix transposed", "plots.grids", "np.where(share > 0.5, share, np.nan)", "np.where(share > 0.5, share, np.nan).T"),
    ("numbers halved", CANVAS, "format(grid[at], form)", "format(grid[at] / 2, form)"),
    ("gradients' bars of one length", LESSONS("three_training_steps"), "1.6 * size / largest, 0.17", "1.6, 0.17"),
    ("gaps all 100 %", LESSONS("feature_mapping"), "middle.barh(range(3), list(share.values())", "middle.barh(range(3), [100] * 3"),
    # and others of their kind
    ("a line at the median", CANVAS, "self.plot(x, mean, color", "self.plot(x, np.median(values, 0), color"),
    ("a mark at the bar's end", CANVAS, "self.plot(mean, row, marker", "self.plot(low, row, marker"),
    ("names at the wrong lines", CANVAS, "order, lines = sorted(ends, key=lambda end: end[1])", "order, lines = sorted(ends, key=lambda end: -end[1])"),
    ("names in another's colour", CANVAS, "ends.append((name, mean[-1], colour))", "ends.append((name, mean[-1], GREY))"),
    ("rows named from below", CANVAS, "self.set_yticks(range(len(names)), map(str, names))", "self.set_yticks(range(len(names)), list(map(str, names))[::-1])"),
    ("the legend's names exchanged", CANVAS, "color=colour, label=name)", "color=colour, label=[*looks][::-1][[*looks].index(name)])"),
    ("cells' numbers transposed", CANVAS, "self.text(*cell[::-1], format", "self.text(*cell, format"),
    ("pictures turned", CANVAS, "self.imshow(picture, cmap", "self.imshow(np.swapaxes(picture, 0, 1), cmap"),
    ("the source's curve twice", "plots.lines", 'f"{role}_accuracy") for', '"source_accuracy") for'),
    ("a scale forgotten", "plots.lines", "name: scale * np.asarray", "name: np.asarray"),
    ("second example for the first", "plots.grids", "[task.y_train == c][number]", "[task.y_train == c][-1 - number]"),
    ("differences ahead of the wrong arm", CANVAS, "100 * (np.asarray(values) - arms[base])", "100 * (arms[base] - np.asarray(values))"),
    ("features of the source twice", LESSONS("domain_adaptation"), "spots = (rows - centre) @", "spots = (pair[0] - centre) @"),
    ("domain accuracy for the target's", LESSONS("domain_adaptation"), '_accuracy(left, results, "target_accuracy"', '_accuracy(left, results, "domain_accuracy"'),
    ("chosen seeds drawn from all", FOUR, "left.plot(some[name], height[chosen]", "left.plot(every[name][: len(chosen)], height[chosen]"),
    ("four measures: the area elsewhere", FOUR, "axis.fill_between(step, low, high", "axis.fill_between(step, 0, high"),
    ("a threshold's arrow from 0", FOUR, "axis.arrow_to(times[1], level", "axis.arrow_to(0, level"),
    ("clouds not carried over", LESSONS("feature_mapping"), '"source", "after", "y")', '"source", "before", "y")'),
    ("by hand at no map", LESSONS("feature_mapping"), "hand[name].mean(0)", "0 * hand[name].mean(0)"),
    ("bold where it is in doubt", CANVAS, "low > 0 or high < 0", "low < 0 < high"),
    ("a trade's axes exchanged", LESSONS("multi_task_learning"), "interval(two[task]) for task in (across, up)", "interval(two[task]) for task in (up, across)"),
    ("an arrow to the wrong box", LESSONS("shared_and_private_layers"), "at[above][0], level[above]", "at[below][0], level[above]"),
    ("what leads nowhere in colour", LESSONS("shared_and_private_layers"), "if leads_to[op] else \"#ffffff\"", "if True else \"#ffffff\""),
    ("probabilities of the first seed", LESSONS("source_and_target"), "axis.bar(places, p.mean(0)", "axis.bar(places, p[0]"),
    ("the least to the mean", LESSONS("source_and_target"), "p.min(0), p.max(0)", "p.min(0), p.mean(0)"),
    ("the wrong row of labels", LESSONS("start_here"), "gains[per_class].items(), key", "gains[labels[1]].items(), key"),
    ("readers' bars all 1", LESSONS("task_nesting"), "right.barh(row, mean", "right.barh(row, 1"),
    ("a sum's pictures exchanged", LESSONS("task_nesting"), "reshape(2, 10, 10)", "reshape(2, 10, 10)[::-1]"),
    ("ahead of itself", LESSONS("three_sharing_strategies"), "ahead(arms, \"from scratch\") for", "arms for"),
    ("gradients before the update", LESSONS("three_training_steps"), "place = list(updates).index(look)", "place = 0"),
    ("norms summed", LESSONS("three_training_steps"), "np.linalg.norm(parts[part], axis=2)", "parts[part].sum(2)"),
    ("all bins of one size", LESSONS("when_transfer_hurts"), "s=8 + 500 * share", "s=np.full(len(share), 58)"),
    ("sticks to the wrong side", LESSONS("when_transfer_hurts"), "axis.vlines(confidence, accuracy, confidence", "axis.vlines(confidence, accuracy, 1 - confidence"),
    ("the naive interval twice", LESSONS("your_own_problem"), "verdict.low, verdict.high, \"for new rows\"", "*verdict.naive, \"for new rows\""),
    ("sources' colours exchanged", LESSONS("your_own_problem"), "COLOURS[rung in climbed.with_source]", "COLOURS[rung not in climbed.with_source]"),
    ("a rival's line at its first seed", LESSONS("a_real_pretrained_network"), "axis.axhline(np.mean(rival)", "axis.axhline(rival[0]"),
    ("framed where it is wrong", LESSONS("cross_modal_learning"), "p == place) for p", "p != place) for p"),
    ("mapped for the codes", LESSONS("cross_modal_learning"), "(codes, mapped)[kind][digit]", "(codes, mapped)[1][digit]"),
    ("a layer too few shared", "plots.networks", 'enumerate(parts["shared"], 1)', 'enumerate(parts["shared"][:1], 1)'),
]  # fmt: skip


def main():
    import keras  # noqa: F401
    import matplotlib.figure  # noqa: F401
    import sklearn.linear_model  # noqa: F401
    import tensorflow  # noqa: F401

    asked, alive = sys.argv[1:], []
    chosen = [mutant for mutant in MUTANTS if not asked or any(word in mutant[0] for word in asked)]
    tests = [TESTS / "plots"]
    assert passes(tests, only="not style"), "red without a mutant"
    for what, module, old, new in chosen:
        path = PACKAGE / f"{module.replace('.', '/')}.py"
        source = path.read_text(encoding="utf-8")
        assert source.count(old) == 1, f"{what}: {old!r} stands {source.count(old)} times in {path}"
        lesson = module.split(".")[1] if module.startswith("lessons") else "not lessons"
        lived = passes(tests, path, compile(source.replace(old, new), str(path), "exec"), f"{lesson} and not style")
        print("ALIVE " if lived else "killed", what, f"({module})", flush=True)
        alive += [what] * lived
    print(f"{len(chosen) - len(alive)} of {len(chosen)} killed")


if __name__ == "__main__":
    main()
