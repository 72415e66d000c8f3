"""The live panels of the course. Each is its controls, what to draw for them, and the code that draws the same."""

from functools import lru_cache

import ipywidgets as widgets
import numpy as np

from transferlib import plots
from transferlib.adaptation import adaptations, standardised
from transferlib.carrying import carry, clouds, gaps, strengths
from transferlib.crossmodal import SEGMENTS, SPELLING, features, unseen_map
from transferlib.evaluation import at, compare, label_budget, opinions
from transferlib.gradients import UPDATES, over_training
from transferlib.mappings import MAPPINGS
from transferlib.nesting import compare_grades, inner_readers, sums
from transferlib.panel import WIDE, Panel, choice
from transferlib.pictures import changed
from transferlib.strategies import (
    COMBINATIONS,
    FIX_COMMON,
    NAMED,
    SCRATCH,
    SHARE_GRADIENTS,
    SHARE_WEIGHTS,
    Strategy,
)


def race(pair, source, target):
    """Four ways to transfer, retrained for every setting: labels per class, seeds, steps."""
    controls = dict(
        per_class=choice("labels per class", (1, 2, 5, 10, 20, 50), 5),
        seeds=choice("seeds", tuple(range(1, 11)), 5),
        steps=choice("training steps", (50, 100, 200, 300, 500, 1000), 300),
    )

    def draw(progress, **settings):
        results = compare(pair, source, target, NAMED.values(), progress=progress, **settings)
        return plots.learning_curves(results, target.name, source.name)

    def code(per_class, seeds, steps):
        return (
            f"results = compare(pair, source, target, NAMED.values(), per_class={per_class}, seeds={seeds}, steps={steps})\n"
            "plots.learning_curves(results)"
        )

    presets = {
        "one label each": dict(per_class=1),
        "plenty of labels": dict(per_class=50),
        "little time": dict(steps=50),
    }
    return Panel(controls, draw, code, presets, "Race")


def dial(pair, source, target):
    """The dial: any of the four named strategies beside one of your own, set by hand."""
    own = {
        "start": widgets.ToggleButtons(
            options=["source", "random"], value="source", description="shared part starts", style=WIDE
        ),
        "move": widgets.FloatSlider(
            value=0.3, min=0, max=1, step=0.1, description="how far it moves", style=WIDE, layout=dict(width="300px")
        ),
        "alpha": widgets.FloatSlider(
            value=0, min=0, max=2, step=0.25, description="source gradient α", style=WIDE, layout=dict(width="300px")
        ),
        "combine": widgets.Dropdown(options=list(COMBINATIONS), value="sum", description="combined by", style=WIDE),
    }
    shown = {
        name.replace(" ", "_"): widgets.Checkbox(
            value=name in ("fix common", "share weights", "your dial"),
            description=name,
            indent=False,
            layout=dict(width="auto"),
        )
        for name in (*NAMED, "your dial")
    }
    budget = dict(
        per_class=choice("labels per class", (1, 2, 5, 10, 20, 50), 5),
        seeds=choice("seeds", tuple(range(1, 11)), 5),
        steps=choice("training steps", (50, 100, 200, 300, 500, 1000), 300),
        rate=choice("learning rate", (1e-4, 3e-4, 1e-3, 3e-3, 1e-2), 1e-3),
    )

    def chosen(start, move, alpha, combine, **boxes):
        yours = Strategy("your dial", start, round(move, 2), round(alpha, 2), combine)
        strategies = [s for s in (*NAMED.values(), yours) if boxes[s.name.replace(" ", "_")]]
        if not strategies:
            raise ValueError("tick at least one strategy")
        return strategies

    def draw(progress, per_class, seeds, steps, rate, **settings):
        results = compare(
            pair,
            source,
            target,
            chosen(**settings),
            per_class=per_class,
            seeds=seeds,
            steps=steps,
            rate=rate,
            progress=progress,
        )
        return plots.learning_curves(results, target.name, source.name)

    def code(per_class, seeds, steps, rate, **settings):
        names = ", ".join(
            repr(s) if s.name == "your dial" else s.name.replace(" ", "_").replace("from_", "").upper()
            for s in chosen(**settings)
        )
        return (
            f"strategies = [{names}]\n"
            f"results = compare(pair, source, target, strategies, per_class={per_class}, seeds={seeds},\n"
            f"                  steps={steps}, rate={rate})\n"
            "plots.learning_curves(results)"
        )

    presets = {
        "one label each": dict(per_class=1),
        "plenty of labels": dict(per_class=50),
        "four named": dict({key: True for key in shown}, your_dial=False),
        "half way": dict(your_dial=True, move=0.3, alpha=0.0, start="source"),
    }
    return Panel(shown | own | budget, draw, code, presets, "Dial")


def sharing():
    """How much of the article's 100→64→64→10 network is shared: the drawing and the parameter counts."""
    controls = dict(
        shared=choice("layers shared", (0, 1, 2), 1),
        width=choice("units per layer", (16, 32, 64, 128, 256), 64),
        frozen=widgets.Checkbox(value=False, description="shared part frozen", indent=False, layout=dict(width="auto")),
    )

    def draw(progress, shared, width, frozen):
        sizes = [100, width, width, 10]
        layers = [(f"Dense({b})", a * b + b) for a, b in zip(sizes, sizes[1:])]
        return plots.network(layers, shared, frozen)

    def code(shared, width, frozen):
        return (
            f"pair = Pair(100, shared={(width,) * shared}, private={(width,) * (2 - shared)})\n"
            f"pair.shared.trainable = {not frozen}\npair.describe()"
        )

    return Panel(controls, draw, code, {"nothing shared": dict(shared=0), "nearly all": dict(shared=2)}, "Sharing")


def seed_lottery(pair, source, target, seeds=40):
    """Choose the seeds that a report is to be based on, and with them the winner. A button for each possible winner."""
    budget = dict(seeds=seeds, steps=300)
    controls = dict(
        first=widgets.IntSlider(
            value=0, min=0, max=seeds - 1, description="first seed", style=WIDE, layout=dict(width="420px")
        ),
        number=choice("how many seeds", (1, 2, 3, 5, 10, 20, 40), 1),
        per_class=choice("labels per class", (2, 5, 10, 20), 10),
    )

    def draw(progress, first, number, per_class):
        results = compare(pair, source, target, NAMED.values(), per_class=per_class, progress=progress, **budget)
        return plots.lottery(results, range(first, min(first + number, seeds)))

    def code(first, number, per_class):
        return (
            f"results = compare(pair, source, target, NAMED.values(), per_class={per_class}, seeds={seeds}, steps=300)\n"
            f"plots.lottery(results, range({first}, {min(first + number, seeds)}))"
        )

    results = compare(pair, source, target, NAMED.values(), per_class=10, **budget)
    winner = np.stack([at(runs) for runs in results.values()]).argmax(0)
    presets = {
        f"make {name} win": dict(first=int(np.flatnonzero(winner == i)[0]), number=1, per_class=10)
        for i, name in enumerate(results)
        if i in winner
    }
    return Panel(controls, draw, code, presets, "Seed lottery")


def label_budgets(pair, source, target):
    """The label-budget curve, as accuracies or as paired differences to from scratch."""
    controls = dict(
        shown=widgets.ToggleButtons(options=["accuracy", "difference"], value="difference", description="show", style=WIDE),
        seeds=choice("seeds", (2, 3, 5, 10, 20), 10),
        steps=choice("training steps", (50, 100, 300), 300),
    )
    pictures = {"accuracy": plots.budget_curves, "difference": plots.budget_gains}

    def draw(progress, shown, **budget):
        labels = [1, 2, 5, 10, 20, 50]
        return pictures[shown](label_budget(pair, source, target, NAMED.values(), labels, progress=progress, **budget))

    def code(shown, seeds, steps):
        return (
            "labels = [1, 2, 5, 10, 20, 50]\n"
            f"table = label_budget(pair, source, target, NAMED.values(), labels, seeds={seeds}, steps={steps})\n"
            f"plots.{pictures[shown].__name__}(table)"
        )

    presets = {"three seeds": dict(seeds=3), "little time": dict(steps=50)}
    return Panel(controls, draw, code, presets, "Label budget")


STAGES = {
    "1 source": (None, False),
    "1 source, read literally": (None, True),
    "2 target, from scratch": (SCRATCH, False),
    "2 target, fix common": (FIX_COMMON, False),
    "2 target, share weights": (SHARE_WEIGHTS, False),
    "2 target, share gradients": (SHARE_GRADIENTS, False),
}


def reach(pair, source, target):
    """Whose gradient reached which layer, and how large: any training step of the three, update by update."""
    controls = dict(
        stage=widgets.Dropdown(options=list(STAGES), value="2 target, share gradients", description="step", style=WIDE),
        update=choice("updates so far", UPDATES, 0),
        per_class=choice("labels per class (step 2)", (1, 2, 5, 10, 20, 50), 5),
        seeds=choice("seeds", (1, 2, 5, 10), 5),
    )

    def draw(progress, stage, update, per_class, seeds):
        strategy, only_private = STAGES[stage]
        found = over_training(
            pair, source, target, strategy, per_class=per_class, seeds=seeds, only_private=only_private, progress=progress
        )
        return plots.layer_gradients(found, UPDATES, update, f"Step {stage}")

    def code(stage, update, per_class, seeds):
        strategy, only_private = STAGES[stage]
        what = f"only_private={only_private}"
        if strategy:
            what = f"{strategy.name.replace(' ', '_').replace('from_', '').upper()}, per_class={per_class}"
        return (
            f"found = over_training(pair, source, target, {what}, seeds={seeds})\n"
            f'plots.layer_gradients(found, UPDATES, {update}, "Step {stage}")'
        )

    presets = {
        "read literally": dict(stage="1 source, read literally"),
        "frozen": dict(stage="2 target, fix common"),
        "two gradients": dict(stage="2 target, share gradients"),
        "the end": dict(update=UPDATES[-1]),
    }
    return Panel(controls, draw, code, presets, "Reach")


def one_picture(pair, source, target):
    """One test picture of the target, changed by hand, and what each strategy's model says of it: ten models a strategy."""

    def slider(description, low, high, step):
        return widgets.FloatSlider(
            value=0, min=low, max=high, step=step, description=description, style=WIDE, layout=dict(width="300px")
        )

    controls = dict(
        digit=choice("a picture of", tuple(range(len(target.classes))), 9),
        example=choice("which one", tuple(range(20)), 0),
        right=slider("move right, pixels", -3, 3, 0.5),
        down=slider("move down, pixels", -3, 3, 0.5),
        thicker=slider("thicker strokes", -1, 1, 0.25),
        per_class=choice("labels per class", (1, 2, 5, 10, 20, 50), 2),
    )

    def draw(progress, digit, example, right, down, thicker, per_class):
        picture = target.x_test[target.y_test == digit][example].reshape(target.picture)
        picture = changed(picture, right, down, thicker)
        said = opinions(pair, source, target, picture.reshape(1, -1), per_class=per_class, progress=progress)
        return plots.what_they_say(picture, said, digit, target.classes)

    def code(digit, example, right, down, thicker, per_class):
        return (
            "from transferlib.evaluation import opinions\n\n"
            f"picture = target.x_test[target.y_test == {digit}][{example}].reshape(target.picture)\n"
            f"picture = changed(picture, right={right}, down={down}, thicker={thicker})\n"
            f"said = opinions(pair, source, target, picture.reshape(1, -1), per_class={per_class})\n"
            f"plots.what_they_say(picture, said, {digit}, target.classes)"
        )

    presets = {
        "one pixel to the right": dict(right=1.0),
        "bold": dict(thicker=1.0),
        "thin": dict(thicker=-1.0),
        "many labels": dict(per_class=50),
    }
    return Panel(controls, draw, code, presets, "OnePicture")


def mapping(pair, domains):
    """A map from none to full: the clouds, the gaps between them and the accuracy. domains: {name: (source, target)}."""
    controls = dict(
        which=widgets.Dropdown(options=list(domains), value=list(domains)[0], description="domains", style=WIDE),
        mapping=widgets.Dropdown(options=list(MAPPINGS), value="Standardise", description="map M", style=WIDE),
        strength=choice("strength: none to full", (0.0, 0.25, 0.5, 0.75, 1.0), 1.0),
        rows=choice("unlabelled target pictures", (5, 10, 20, 50, 100, 200, 400), 400),
        seeds=choice("seeds", tuple(range(1, 11)), 3),
    )
    runs = lru_cache(maxsize=64)(
        lambda which, name, rows, seeds, progress: carry(
            pair, *domains[which], strengths(MAPPINGS[name]()), rows=rows, seeds=seeds, progress=progress
        )
    )

    def draw(progress, which, mapping, strength, rows, seeds):
        cloud = clouds(*domains[which], MAPPINGS[mapping](strength=strength), rows=rows)
        accuracy = runs(which, mapping, rows, seeds, progress)
        return plots.map_panel(cloud, (gaps(cloud, "before"), gaps(cloud)), accuracy)

    def code(which, mapping, strength, rows, seeds):
        return (
            f"source, target = domains[{which!r}]\nmapping = {mapping}(strength={strength})\n"
            f"cloud = clouds(source, target, mapping, rows={rows})\n"
            f"accuracy = carry(pair, source, target, strengths(mapping), rows={rows}, seeds={seeds})\n"
            "plots.map_panel(cloud, (gaps(cloud, 'before'), gaps(cloud)), accuracy)"
        )

    presets = {"no map": dict(strength=0.0), "full": dict(strength=1.0), "ten pictures": dict(rows=10)}
    return Panel(controls, draw, code, presets, "Mapping")


def alignment(pair, sources, target):
    """Domain adaptation by hand: which source, how strong DANN and Deep CORAL are, and the clouds of features."""
    controls = dict(
        source=widgets.ToggleButtons(options=list(sources), description="source prepared", style=WIDE),
        dann=choice("DANN λ", (0.0, 0.1, 0.3, 1.0, 3.0, 10.0), 1.0),
        coral=choice("CORAL λ", (0.0, 1.0, 10.0, 100.0), 0.0),
        standardise=widgets.Checkbox(
            value=False, description="standardise each domain", indent=False, layout=dict(width="auto")
        ),
        show=widgets.ToggleButtons(options=["curves", "clouds"], description="show", style=WIDE),
        seeds=choice("seeds", tuple(range(1, 6)), 3),
    )

    def draw(progress, source, dann, coral, standardise, show, seeds):
        tasks = sources[source], target
        arms = {"source only": (tasks, {})}
        arms["yours"] = tuple(standardised(t) for t in tasks) if standardise else tasks, dict(dann=dann, coral=coral)
        results = {}
        for number, (name, (used, arm)) in enumerate(arms.items()):
            tell = lambda done, n, number=number: progress(number * n + done, 2 * n)  # noqa: E731
            results |= adaptations(pair, *used, {name: arm}, seeds=seeds, progress=tell)
        if show == "curves":
            return plots.adaptation(results)
        few = {name: [features(results[name][0].weights, t.x_test[:300]) for t in used] for name, (used, _) in arms.items()}
        return plots.clouds(few)

    def code(source, dann, coral, standardise, show, seeds):
        used = f"(sources[{source!r}], target)"
        yours = f"[standardised(task) for task in {used}]" if standardise else used
        lines = [
            f"results = adaptations(pair, *{used}, {{'source only': {{}}}}, seeds={seeds})",
            f"yours = {yours}",
            f"results |= adaptations(pair, *yours, {{'yours': dict(dann={dann}, coral={coral})}}, seeds={seeds})",
        ]
        if show == "curves":
            return "\n".join([*lines, "plots.adaptation(results)"])
        lines += [
            f"used = {{'source only': {used}, 'yours': yours}}",
            "few = {k: [features(results[k][0].weights, t.x_test[:300]) for t in used[k]] for k in used}",
            "plots.clouds(few)",
        ]
        return "\n".join(lines)

    presets = {
        "too strong": dict(dann=10.0),
        "no method": dict(dann=0.0, coral=0.0, standardise=True),
        "see the clouds": dict(show="clouds"),
    }
    return Panel(controls, draw, code, presets, "Alignment")


def unseen(pair, task):
    """Zero-shot by hand: which two digits no picture is seen of, which second modality, and the seen digits' handicap."""
    modalities = {"segments": SEGMENTS, "spelling": SPELLING}
    digits = list(range(10))
    controls = dict(
        first=widgets.Dropdown(options=digits, value=1, description="never seen", style=WIDE, layout=dict(width="150px")),
        second=widgets.Dropdown(options=digits, value=6, description="and", style=WIDE, layout=dict(width="110px")),
        modality=widgets.ToggleButtons(options=list(modalities), description="code", style=WIDE),
        handicap=choice("handicap of the seen digits", (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0), 0.0),
    )

    def chosen(first, second):
        if first == second:
            raise ValueError("choose two different digits")
        return tuple(sorted((first, second)))

    def draw(progress, first, second, modality, handicap):
        pair_, codes = chosen(first, second), modalities[modality]
        return plots.unseen_answers(*unseen_map(pair, task, codes, pair_), task.y_test, codes, pair_, handicap)

    def code(first, second, modality, handicap):
        pair_, codes = chosen(first, second), modality.upper()
        return (
            f"code_map, features = unseen_map(pair, source, {codes}, {pair_})\n"
            f"plots.unseen_answers(code_map, features, source.y_test, {codes}, {pair_}, handicap={handicap})"
        )

    presets = {"easy": dict(first=1, second=6), "hard": dict(first=3, second=9), "help the unseen": dict(handicap=0.4)}
    return Panel(controls, draw, code, presets, "Unseen")


def nesting(grades, source, digits):
    """Grades of nesting, retrained for every setting: labelled sums, whose digits are added, which grades, seeds."""
    boxes = {
        name: widgets.Checkbox(
            value=name in ("un-nested, fine-tuned", "stacking", "hierarchical"),
            description=name,
            indent=False,
            layout=dict(width="auto"),
        )
        for name in grades
    }
    controls = dict(
        per_sum=choice("labelled sums of each value", (2, 5, 10, 20, 50, 100), 10),
        added=widgets.ToggleButtons(options=list(digits), description="digits added", style=WIDE),
        seeds=choice("seeds", tuple(range(1, 11)), 10),
    )

    def draw(progress, per_sum, added, seeds, **ticked):
        chosen = {name: grade for name, grade in grades.items() if ticked[name]}
        if not chosen:
            raise ValueError("tick at least one grade")
        budget = dict(per_class=per_sum, seeds=seeds, steps=1000, every=200)
        results = compare_grades(chosen, source, sums(digits[added]), progress=progress, **budget)
        return plots.nesting(results, inner_readers(grades, results, digits[added]))

    def code(per_sum, added, seeds, **ticked):
        names = ",\n          ".join(repr(name) for name in grades if ticked[name])
        return (
            f"chosen = [{names}]\n"
            f"results = compare_grades({{name: grades[name] for name in chosen}}, source, sums(digits[{added!r}]),\n"
            f"                         per_class={per_sum}, seeds={seeds}, steps=1000, every=200)\n"
            f"plots.nesting(results, inner_readers(grades, results, digits[{added!r}]))"
        )

    def only(*names):
        return {name: name in names for name in grades}

    presets = {
        "hardly any sums": dict(per_sum=2),
        "plenty of sums": dict(per_sum=100),
        "the three grades": only("stacking", "progressive", "hierarchical"),
        "does nesting alone help?": only("un-nested, from scratch", "nested, from scratch", "addition, from scratch"),
    }
    return Panel(boxes | controls, draw, code, presets, "Nesting")
