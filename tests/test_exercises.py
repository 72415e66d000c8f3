"""Every checker is fed the untouched stub, its own solution, and plausible wrong answers, each with a message of its own.

What a lesson's checker is tried with stands in CASES: {exercise: (what check is given beside the answer, wrong answers)}.
"""

from types import SimpleNamespace

import keras
import numpy as np
import pytest

from transferlib import strategies
from transferlib.exercises import Exercise, Wrong, shared_and_private_layers, three_sharing_strategies
from transferlib.strategies import SCRATCH, SHARE_GRADIENTS, SHARE_WEIGHTS


def _table():
    """Runs of which share weights is ahead from 10 labels on."""

    def runs(value):
        return [SimpleNamespace(step=np.arange(1), target_accuracy=np.array([value]))] * 2

    lead = {1: -0.04, 5: -0.01, 10: 0.01, 50: 0.02}
    return {k: {"fix common": runs(0.8), "share weights": runs(0.8 + d)} for k, d in lead.items()}


def _models(units=(32, 32), share=2, classes=(10, 5), activation="relu", out="softmax", inputs=100):
    shared = [keras.layers.Dense(n, activation=activation) for n in units]
    models = []
    for c in classes:
        own = shared[:share] + [keras.layers.Dense(n, activation=activation) for n in units[share:]]
        models.append(keras.Sequential([keras.Input((inputs,)), *own, keras.layers.Dense(c, activation=out)]))
    return tuple(models)


def _one_model_twice():
    model = _models(classes=(10,))[0]
    return model, model


CASES = {
    shared_and_private_layers.count: ((), [6400, 64, 6500, 7000, "many", True]),
    shared_and_private_layers.saved: ((), [12928, 16084, 22548, 100, None.__class__]),
    shared_and_private_layers.is_shared: (
        (),
        [
            lambda a, b: [x.name for x in a.layers if x.name in [y.name for y in b.layers]],
            lambda a, b: [
                x.name
                for x, y in zip(a.layers, b.layers)
                if all(np.array_equal(v, w) for v, w in zip(x.get_weights(), y.get_weights()))
            ],
            lambda a, b: [x for x in a.layers if any(x is y for y in b.layers)],
            lambda a, b: [x.name for x in a.layers[:1] if any(x is y for y in b.layers)],
            lambda a, b: True,
            "first",
        ],
    ),
    shared_and_private_layers.build: (
        (),
        [
            _models()[0],
            _models(share=0),
            _models(share=1),
            _models(units=(64, 64)),
            _models(classes=(10, 10)),
            _models(activation=None),
            _models(out=None),
            _models(inputs=64),
            _one_model_twice(),
        ],
    ),
    three_sharing_strategies.crossing: ((_table(),), [1, 50, 7, "10"]),
    three_sharing_strategies.gentle: (
        (),
        [
            SHARE_WEIGHTS,
            SCRATCH.but(move=0.1),
            SHARE_WEIGHTS.but(move=0.0),
            SHARE_WEIGHTS.but(move=0.5),
            SHARE_GRADIENTS.but(move=0.1),
            0.1,
        ],
    ),
    three_sharing_strategies.gate: (
        (),
        [
            lambda t, s: t + s,
            lambda t, s: t + s if t @ s < 0 else t,
            lambda t, s: t,
            lambda t, s: t + s if t @ s >= 0 else 0 * t,
            lambda t, s: t + s if t @ s > 0 else t,
            lambda t, s: t @ s,
            lambda t, s: s,
            lambda t: t,
            1.0,
        ],
    ),
    three_sharing_strategies.pcgrad: (
        (),
        [
            lambda t, s: t + s,
            lambda t, s: (t - t @ s / (s @ s) * s) + (s - t @ s / (t @ t) * t),
            lambda t, s: t + s - min(t @ s, 0) / (s @ s) * s,
            lambda t, s: t + s - min(t @ s, 0) / (t @ t) * t,
            lambda t, s: t + s - min(t @ s, 0) * (s / np.linalg.norm(s) + t / np.linalg.norm(t)),
            lambda t, s: 2 * t,
            "pcgrad",
        ],
    ),
}


def every(module):
    return [value for value in vars(module).values() if isinstance(value, Exercise)]


def test_every_exercise_is_tried():
    assert {e for module in (shared_and_private_layers, three_sharing_strategies) for e in every(module)} == set(CASES)
    assert all(len(every(module)) >= 4 for module in (shared_and_private_layers, three_sharing_strategies))


@pytest.mark.parametrize("exercise", CASES, ids=lambda e: e.name)
def test_the_solution_is_right(exercise):
    scope = vars(strategies) | {"keras": keras, "np": np}
    given, _ = CASES[exercise]
    if given:
        from transferlib.measures import at

        scope |= {"table": given[0], "at": at}
    exec(exercise.solution().text, scope)
    assert exercise.check(scope["answer"], *given).text.startswith(f"✓ {exercise.name}: ")


@pytest.mark.parametrize("exercise", CASES, ids=lambda e: e.name)
def test_every_wrong_answer_gets_a_message_of_its_own(exercise):
    given, wrong = CASES[exercise]
    said = [exercise.check(answer, *given).text for answer in wrong]
    assert all(text.startswith(f"✗ {exercise.name}: ") for text in said), said
    assert len(set(said)) == len(said) >= 3, said


@pytest.mark.parametrize("exercise", CASES, ids=lambda e: e.name)
def test_an_untouched_stub_is_not_wrong_and_hints_come_in_tiers(exercise):
    for stub in (..., None):
        assert exercise.check(stub, *CASES[exercise][0]).text == (
            f"{exercise.name}: no answer yet. Replace the ... and run this cell again."
        )
    fresh = Exercise(exercise.name, exercise._checker, exercise._hints, exercise._solution)
    n = len(exercise._hints)
    given = [fresh.hint().text for _ in range(n + 1)]
    assert n >= 2 and len(set(given)) == n and given[-1] == given[-2] and given[0].startswith(f"Hint 1 of {n}: ")


def test_an_answer_whose_code_fails_is_told_and_not_thrown():
    exercise = Exercise("x", lambda answer: answer(), (), "")
    assert exercise.check(lambda: 1 / 0).text == "✗ x: your answer raised ZeroDivisionError: division by zero"


def test_wrong_is_what_a_checker_raises():
    def checker(answer):
        raise Wrong("not so")

    assert repr(Exercise("x", checker, (), "").check(1)) == "✗ x: not so"
