"""The panels of lesson 12: partners found, and unseen digits."""

from collections.abc import Callable

import numpy as np

from transferlib.tasks import Task
from transferlib.widgets.panel import Panel, buttons, choice, menu


def partners(task: Task, contrastive: Callable, parts: dict) -> Panel:
    """Find the partner: halves of unseen pictures, and what two ways take for their other halves.

    contrastive   the loss of the lesson's page; parts its encoders and scale
    """
    controls = dict(
        way=buttons("given", ("upper half", "lower half")),
        rival=menu("compared with", ("CCA", "ridge", "nearest")),
        pairs=choice("pairs to learn from", (100, 400, 1000, 4000), 4000),
        steps=choice("steps", (0, 100, 300, 1000), 1000),
        first=choice("pictures from number", range(0, 100, 5), 0),
        seeds=choice("seeds", (1, 3, 5, 10), 3),
    )

    def code(way, rival, pairs, steps, first, seeds):
        made = f"""
            begun = {{seed: starts(parts, None, seed) for seed in which_seeds({seeds})}}
            encoders = {{seed: encoders_of(parts, weights) for seed, weights in begun.items()}}"""
        if steps:
            made = f"""
            arms = {{"it": drawn_pairs(task, {pairs}, steps={steps})}}
            budget = dict(every={steps}, seeds={seeds}, progress=progress)
            runs = study(contrastive, parts, None, arms, **budget)
            encoders = {{run.seed: encoders_of(parts, run.weights) for run in runs["it"]}}"""
        return f"""
            from transferlib.experiments import study, which_seeds
            from transferlib.lessons.cross_modal_learning import plots
            from transferlib.lessons.cross_modal_learning.pairs import (
                drawn_pairs, encoders_of, found_by, shown, simple_rivals)
            from transferlib.training import starts
            {made}
            ways = {{"two encoders": {{seed: found_by(two, task) for seed, two in encoders.items()}}}}
            ways[{rival!r}] = {{seed: simple_rivals(task, {pairs}, seed)[{rival!r}] for seed in encoders}}
            plots.partners(**shown(task, ways, back={way == "lower half"}, first={first}))"""

    presets = {"few pairs": dict(pairs=100), "untrained": dict(steps=0), "ten seeds": dict(seeds=10)}
    return Panel(controls, code, dict(task=task, contrastive=contrastive, parts=parts), presets, "Partners")


def unseen(codes: dict[str, np.ndarray], mixtures: Callable) -> Panel:
    """Zero-shot by hand: which two digits are never seen, which second modality, the seen digits' handicap.

    codes     {name: (10, c)}; mixtures (unseen, seed) → what the lesson's map sees in pictures of two digits
    """
    controls = dict(
        first=menu("never seen", range(10), 1),
        second=menu("and", range(10), 6),
        handicap=choice("handicap of the seen digits", (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0), 0.0),
        modality=buttons("code", list(codes)[:2]),
    )

    def code(first, second, modality, handicap):
        if first == second:
            raise ValueError("choose two different digits")
        unseen = tuple(sorted((first, second)))
        return f"""
            from transferlib.lessons.cross_modal_learning import plots
            from transferlib.lessons.cross_modal_learning.codes import answers

            seen = mixtures({unseen}, seed=0)
            plots.unseen_answers(**answers({unseen}, codes[{modality!r}], *seen, handicap={handicap}))"""

    presets = {"easy": dict(first=1, second=6), "hard": dict(first=3, second=9), "help the unseen": dict(handicap=0.4)}
    return Panel(controls, code, dict(codes=codes, mixtures=mixtures), presets, "Unseen")
