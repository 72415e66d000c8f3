"""A method as a notebook defines it: the numbers of a loop of its own, found again by all that it is, anywhere."""

import time
import types

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.benchmarks import door
from transferlib import cache, loops, programs
from transferlib.datasets import mnist, uci_digits
from transferlib.experiments import study
from transferlib.networks import Pair
from transferlib.parallel import in_parallel
from transferlib.training import learn, train_source

SHORT = dict(steps=6, every=3, batch=8)


@pytest.fixture(scope="module")
def pair():
    return Pair(12, shared=(8,), private=(5,), classes=(3, 3))


def plain(parts, batch, done, settings):
    """The source's own loss."""
    x, y = batch["source"]
    return parts.loss("source", y, parts.source(parts.shared(x)))


def far_apart(one, other):
    """The largest difference of two sets of weights."""
    pairs = [(np.ravel(a), np.ravel(b)) for part in one for a, b in zip(one[part], other[part])]
    return max(np.abs(a - b).max() for a, b in pairs if a.size)


def cell(text, **names):
    """The last function that a notebook's cell with this text defines; run again it is another function."""
    scope = {"__name__": "__main__", "tf": tf, "np": np} | names
    exec(text, scope)
    return [value for value in scope.values() if isinstance(value, types.FunctionType)][-1]


# The same numbers as a loop of its own


@pytest.mark.parametrize("strengths", [dict(dann=1.0, coral=0.5), dict(dann=0.0, coral=0.0)], ids=str)
def test_adaptation_by_a_page_is_a_loop_of_its_own(strengths):
    network, tasks = Pair(), {"source": mnist(), "target": uci_digits()}
    built_in = door.built_in_adaptation(network)(tasks, 3, 50, **strengths)
    page = door.adapted(door.with_domain(network), tasks, 3, 50, **strengths)
    for part in ("shared", "source", "target"):
        assert far_apart({part: page.weights[part]}, {part: built_in.weights[part]}) < 1e-6
    domain = np.concatenate([a.ravel() for a in page.weights["domain"]])
    np.testing.assert_allclose(domain, built_in.weights["domain"], atol=1e-6)
    for name, curve in built_in.curves.items():
        np.testing.assert_allclose(page.curves[name], curve, atol=2e-3, err_msg=name)  # a row or two at a score's edge


def test_matching_by_a_page_is_a_loop_of_its_own():
    task = door.chosen(mnist(), 2)
    page, built_in = door.matched(door.two_encoders(), task, 2, 50), door.built_in_matching()(task, 2, 50)
    for part in ("upper", "lower"):
        weights = np.concatenate([a.ravel() for a in page.weights[part]])
        np.testing.assert_allclose(weights, built_in.weights[part], atol=1e-6)
    assert page.weights["scale"].shape == () and np.isclose(page.weights["scale"], built_in.weights["scale"][0])
    assert np.isnan(page.loss[0]) and page.loss[1:] == pytest.approx(built_in.loss[1:], abs=1e-5)
    assert page.there == pytest.approx(built_in.there, abs=2e-3) and page.back == pytest.approx(built_in.back, abs=2e-3)


def test_batchnorm_and_dropout_are_threaded_behind_the_scenes(tasks):
    keras.utils.set_random_seed(0)
    # Without a bias, whose gradient BatchNorm makes 0 up to rounding, and Adam the sign of the rounding.
    layers = keras.layers.Dense(8, use_bias=False), keras.layers.BatchNormalization(), keras.layers.Dropout(0.3)
    network = Pair(12, shared=layers, private=(5, keras.layers.Dropout(0.2)), classes=(3, 3))
    run = learn(plain, network, {"source": tasks[0]}, seed=4, **SHORT)
    given = train_source(network, tasks[0], seed=4, **SHORT)
    assert far_apart(run.weights, given.weights) < 1e-6
    np.testing.assert_allclose(run.source_loss, given.source_loss, atol=1e-6)

    def resting(parts, batch, done, settings):
        x, y = batch["source"]
        return parts.loss("source", y, parts.source(parts.shared(x, training=False)))

    still = learn(resting, network, {"source": tasks[0]}, seed=4, **SHORT)
    begin = network.fresh(4, keep_given=True)
    moved = [(a != b).any() for a, b in zip(begin["shared"], still.weights["shared"])]
    assert moved == [True] * 3 + [False] * 3, "kernel, scale, shift learn; the statistics and Dropout's seed stay"


# What a method may say


def test_a_part_follows_what_it_is_told_and_one_that_is_not_named_stays(pair, tasks):
    def method(parts, batch, done, settings):
        x, y = batch["source"]
        loss = parts.loss("source", y, parts.source(parts.shared(x)))
        twice = parts.gradient(loss, "shared") * 2
        parts.tell(norm=tf.norm(twice), done=done)
        return {"shared": (twice, settings["far"]), "target": loss}

    run, half, still = (
        learn(method, pair, {"source": tasks[0]}, steps=1, batch=8, far=far) for far in (1.0, np.float32(0.5), 0)
    )
    begin = pair.fresh(0, keep_given=True)
    assert far_apart({"source": begin["source"]}, {"source": run.weights["source"]}) == 0
    assert far_apart({"target": begin["target"]}, {"target": run.weights["target"]}) == 0, "its loss does not depend on it"
    assert far_apart({"shared": begin["shared"]}, {"shared": still.weights["shared"]}) == 0
    for a, b, c in zip(begin["shared"], half.weights["shared"], run.weights["shared"]):
        np.testing.assert_allclose(b - a, (c - a) / 2, atol=1e-6)
    assert np.isnan(run.norm[0]) and run.norm[1] > 0 and run.done.tolist()[1:] == [0.0]


def test_several_parts_of_one_loss_cost_one_way_back(pair, tasks, monkeypatch):
    ways = []
    real = tf.gradients
    monkeypatch.setattr(tf, "gradients", lambda *given: ways.append(1) or real(*given))
    monkeypatch.setattr(programs, "read", lambda name: None)

    def method(parts, batch, done, settings):
        loss = plain(parts, batch, done, settings)
        return {part: parts.gradient(loss, part) for part in ("shared", "source", "target")}

    run = learn(method, pair, {"source": tasks[0]}, **SHORT)
    assert len(ways) == 1, "in the loop; to look at the step takes none"
    assert far_apart(run.weights, learn(plain, pair, {"source": tasks[0]}, **SHORT).weights) < 1e-6


def test_scores_are_what_stands_before_the_softmax(pair, tasks):
    def by_scores(parts, batch, done, settings):
        x, y = batch["source"]
        z = parts.source.scores(parts.shared(x))
        return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, z, from_logits=True))

    runs = [learn(each, pair, {"source": tasks[0]}, **SHORT) for each in (by_scores, plain)]
    assert far_apart(runs[0].weights, runs[1].weights) < 1e-5
    bare = {"bare": keras.Sequential([keras.Input((12,)), keras.layers.Dense(3)])}
    with pytest.raises(ValueError, match="does not end in a softmax"):
        learn(lambda parts, *_: tf.reduce_sum(parts.bare.scores(tf.zeros((1, 12)))), bare, {"a": tasks[0]}, **SHORT)


def test_a_report_of_ones_own_and_curves_over_evaluations(pair, tasks):
    def report(parts, tasks, settings):
        x, y = tasks["target"]
        return {"surest": tf.reduce_max(parts.source(parts.shared(x))), "rows": y.shape[0]}

    run = learn(plain, pair, dict(source=tasks[0], target=tasks[1]), report=report, **SHORT)
    assert run.step.tolist() == [0, 3, 6] and set(run.curves) == {"surest", "rows", "loss"}
    assert (run.rows == 100).all() and (run.surest <= 1).all() and len(set(run.surest.tolist())) == 3
    both = learn(plain, pair, dict(source=tasks[0], target=tasks[1]), **SHORT)
    assert set(both.curves) == {f"{task}_{what}" for task in ("source", "target") for what in ("loss", "accuracy")} | {
        "loss"
    }


def test_the_head_goes_first_and_then_adam_starts_afresh(pair, tasks):
    run = learn(plain, pair, {"source": tasks[0]}, head_first=6, **SHORT)
    begin = pair.fresh(0, keep_given=True)
    assert far_apart({"shared": begin["shared"]}, {"shared": run.weights["shared"]}) == 0
    assert far_apart({"source": begin["source"]}, {"source": run.weights["source"]}) > 0
    again = learn(plain, pair, {"source": tasks[0]}, weights=run.weights, **SHORT | dict(steps=1))
    on = learn(plain, pair, {"source": tasks[0]}, head_first=6, **SHORT | dict(steps=7))
    assert far_apart({"x": run.weights["shared"]}, {"x": on.weights["shared"]}) == pytest.approx(1e-3, rel=0.01)
    assert far_apart({"x": run.weights["shared"]}, {"x": again.weights["shared"]}) == pytest.approx(1e-3, rel=0.01)


@pytest.mark.parametrize(
    "method, message",
    [
        (lambda parts, batch, done, settings: tf.zeros(3), r"returned a tensor of shape \(3,\); a loss is one number"),
        (lambda parts, batch, done, settings: 0.5, "returned 0.5; a loss is one number"),
        (lambda parts, batch, done, settings: tf.constant(1.0), "depends on the weights of no part"),
        (lambda parts, batch, done, settings: {"private": done}, "what 'private' follows; there are shared, source, target"),
        (lambda parts, batch, done, settings: parts.domain(batch), "there is no part 'domain'; there are shared"),
        (lambda parts, batch, done, settings: done * settings["coral"], "reads the setting 'coral', which it was not given"),
    ],
)
def test_a_method_that_says_no_loss_is_answered_in_a_sentence(pair, tasks, method, message):
    with pytest.raises(ValueError, match=message):
        learn(method, pair, {"source": tasks[0]}, **SHORT)


@pytest.mark.parametrize(
    "change, message",
    [
        (dict(parts="pair"), "parts must be a Pair, or a dict"),
        (dict(parts={"a": "b"}), "the part 'a' must be a Keras model, a number or an array"),
        (dict(weights={"domain": []}), "weights names domain; the parts are shared, source, target"),
        (dict(coral="much"), "settings are numbers or arrays of them; coral is 'much'"),
        (dict(order={"source": np.zeros(3, int)}), r"order must be whole numbers \(6, batch\)"),
        (dict(order={"source": np.full((6, 2), 999)}), "order names rows that one has not"),
        (dict(head_first=-1), "head_first must be a whole number"),
    ],
)
def test_what_is_given_wrongly_is_said(pair, tasks, change, message):
    given = dict(parts=pair, tasks={"source": tasks[0]}) | SHORT | change
    with pytest.raises(ValueError, match=message):
        learn(plain, given.pop("parts"), given.pop("tasks"), **given)


def test_weights_that_do_not_fit_a_part_are_refused(tasks):
    model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(3)])
    for weights in ({"m": [np.zeros((3, 3))]}, {"scale": np.zeros(2)}):
        with pytest.raises(ValueError, match="needs weights of the shapes"):
            learn(plain, {"m": model, "scale": 1.0}, {"a": tasks[0]}, weights=weights, **SHORT)


def test_parts_that_are_no_pairs_start_fresh_from_the_seed(tasks):
    def method(parts, batch, done, settings):
        x, y = batch["a"]
        return tf.reduce_mean(tf.square(parts.m(x)[:, 0] * parts["scale"] - tf.cast(y, tf.float32)))

    model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(4), keras.layers.Dense(1)])
    before = model.get_weights()
    runs = [learn(method, {"m": model, "scale": 2.0}, {"a": tasks[0]}, seed=seed, **SHORT) for seed in (0, 0, 1)]
    assert far_apart({"m": runs[0].weights["m"]}, {"m": runs[1].weights["m"]}) == 0
    assert far_apart({"m": runs[0].weights["m"]}, {"m": runs[2].weights["m"]}) > 0.01
    assert all((a == b).all() for a, b in zip(before, model.get_weights())), "the model itself stays"
    assert float(runs[0].weights["scale"]) != 2.0 and (runs[0].weights["m"][1] != 0).any()


def test_a_network_that_became_nan_says_since_when_and_tells_no_accuracy(pair, tasks):
    def method(parts, batch, done, settings):
        return plain(parts, batch, done, settings) * tf.where(parts.step < 7, 1.0, np.nan)

    with pytest.warns(UserWarning, match="between step 6 and step 9 the weights of shared, source.* became NaN"):
        run = learn(method, pair, {"source": tasks[0]}, **SHORT | dict(steps=12))
    assert np.isfinite(run.source_accuracy[:3]).all() and np.isnan(run.source_accuracy[3:]).all()
    with pytest.warns(UserWarning, match="became NaN or infinite"):
        train_source(pair, tasks[0], rate=1e38, **SHORT)


# Found again by all that it is

TEXT = """
strength = {strength}

def helper(x):
    return {helper}

def method(parts, batch, done, settings):
    "A docstring."
    x, y = batch["source"]
    inner = lambda h: helper(h) * strength
    return parts.loss("source", y, parts.source(parts.shared(x))) + tf.reduce_mean(inner(parts.shared(x)))
"""


def test_the_same_cell_run_again_finds_the_old_program(pair, tasks):
    runs = [learn(cell(TEXT.format(strength=0.5, helper="x * x")), pair, {"source": tasks[0]}, **SHORT) for _ in range(1)]
    number = len(loops._programs)
    runs += [learn(cell("\n\n" + TEXT.format(strength=0.5, helper="x * x")), pair, {"source": tasks[0]}, **SHORT)]
    assert len(loops._programs) == number and far_apart(runs[0].weights, runs[1].weights) == 0


@pytest.mark.parametrize("change", [dict(strength=5.0), dict(helper="x * x * x")], ids=["a global number", "a helper"])
def test_what_the_method_reads_counts(pair, tasks, change):
    given = dict(strength=0.5, helper="x * x")
    one, other = (learn(cell(TEXT.format(**g)), pair, {"source": tasks[0]}, **SHORT) for g in (given, given | change))
    assert far_apart(one.weights, other.weights) > 1e-5


def test_a_redefined_method_trains_as_redefined(pair, tasks):
    text = TEXT.format(strength=0.5, helper="x * x")
    one, other = (
        learn(cell(each), pair, {"source": tasks[0]}, **SHORT) for each in (text, text.replace("* strength", "/ strength"))
    )
    assert far_apart(one.weights, other.weights) > 1e-5


def waves(height, given=1.0, *, named=None):
    table = named if named is not None else np.zeros(3)

    def fn(parts, batch, done, settings, given=given):
        x, y = batch["source"]
        push = tf.reduce_mean(tf.sin(height * parts.shared(x))) * given + tf.reduce_sum(tf.constant(table, tf.float32))
        return parts.loss("source", y, parts.source(parts.shared(x))) + push * tf.reduce_mean(parts.vector("source"))

    return fn


@pytest.mark.parametrize(
    "other",
    [waves(5.0), waves(1.0, 2.0), waves(1.0, named=np.ones(3)), waves(1.0, named=np.eye(3)[0])],
    ids=["closure", "default", "an array in the closure", "its content"],
)
def test_two_functions_of_one_factory_differ(pair, tasks, other):
    one, two, again = (learn(each, pair, {"source": tasks[0]}, **SHORT) for each in (waves(1.0), other, waves(1.0)))
    assert far_apart(one.weights, two.weights) > 1e-6 and far_apart(one.weights, again.weights) == 0


def test_an_object_that_cannot_be_told_is_itself_and_is_held(pair, tasks):
    class Odd:
        def __init__(self, n):
            self.n = n

    def method_of(odd):
        def method(parts, batch, done, settings):
            return plain(parts, batch, done, settings) * odd.n

        return method

    first = learn(method_of(Odd(1.0)), pair, {"source": tasks[0]}, **SHORT)  # its Odd would be gone, and its place free
    others = [learn(method_of(Odd(-1.0)), pair, {"source": tasks[0]}, **SHORT) for _ in range(2)]
    assert all(far_apart(first.weights, other.weights) > 1e-4 for other in others)


def test_another_number_is_no_other_program(pair, tasks):
    def method(parts, batch, done, settings):
        return plain(parts, batch, done, settings) * settings["weight"]

    learn(method, pair, {"source": tasks[0]}, weight=1, **SHORT)
    number = len(loops._programs)
    (_, loop, _) = next(reversed(loops._programs.values()))
    for weight in (0.5, np.float32(2), 3):
        learn(method, pair, {"source": tasks[0]}, weight=weight, **SHORT)
    assert len(loops._programs) == number and len(loop.made) == 1


def test_a_network_frozen_by_hand_later_disturbs_no_other_of_its_build(tasks):
    one, other = (Pair(12, shared=(7,), private=(), classes=(3, 3)) for _ in range(2))
    learn(plain, one, {"source": tasks[0]}, **SHORT)
    one.shared.trainable = False
    learn(plain, other, {"source": tasks[0]}, **SHORT | dict(batch=16))  # traced anew


# Over seeds, anywhere

METHOD = """
def method(parts, batch, done, settings):
    x, y = batch["source"]
    return parts.loss("source", y, parts.source(parts.shared(x))) * settings["weight"] * by
"""


@pytest.fixture
def counted(monkeypatch):
    from transferlib import experiments

    trained = []
    real = experiments.learn
    monkeypatch.setattr(experiments, "learn", lambda *given, **named: trained.append(named["seed"]) or real(*given, **named))
    cache.forget()
    yield trained
    cache.use_folder(None)
    cache.forget()


ARMS = {"one": dict(weight=1.0), "half": dict(weight=0.5), "own": dict(method=plain)}


def test_a_study_is_learn_over_arms_and_seeds_and_makes_no_run_twice(pair, tasks, counted):
    def made():
        few = lambda seed: {"source": tasks[0].few(5, seed)}  # noqa: E731
        return study(cell(METHOD, by=1.0), pair, few, ARMS, seeds=[3, 4], **SHORT)

    first = made()
    assert list(first) == list(ARMS) and [run.seed for run in first["own"]] == [3, 4] and len(counted) == 6
    alone = learn(cell(METHOD, by=1.0), pair, {"source": tasks[0].few(5, 4)}, seed=4, weight=0.5, **SHORT)
    assert far_apart(alone.weights, first["half"][1].weights) == 0
    assert far_apart(first["own"][0].weights, first["one"][0].weights) < 1e-6
    assert made()["half"][1] is first["half"][1] and len(counted) == 6, "the same cell run again makes nothing anew"
    study(cell(METHOD, by=2.0), pair, lambda seed: {"source": tasks[0]}, {"one": ARMS["one"]}, seeds=1, **SHORT)
    assert len(counted) == 7


def test_progress_is_told_and_stops_a_study(pair, tasks, counted):
    def stop(done, of):
        assert of == 20
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study(plain, pair, {"source": tasks[0]}, {"a": {}}, seeds=20, progress=stop, **SHORT)
    in_parallel(time.sleep, [(0.05,)] * 8)  # behind those that had begun
    assert len(counted) < 20


def test_a_study_is_kept_in_the_folder_by_what_its_method_is(pair, tasks, counted, tmp_path):
    folder = cache.use_folder(tmp_path)

    def made(by):
        cache.forget()
        return study(cell(METHOD, by=by), pair, {"source": tasks[0]}, {"one": ARMS["one"]}, seeds=2, **SHORT)["one"]

    first, again = made(1.0), made(1.0)
    assert len(folder) == 2 and len(counted) == 2 and far_apart(first[0].weights, again[0].weights) == 0
    assert list(again[0].curves) == list(first[0].curves) and (again[0].step == first[0].step).all()
    made(2.0)
    assert len(folder) == 4


def test_what_cannot_be_told_by_content_trains_and_is_not_kept(pair, tasks, counted, tmp_path):
    folder = cache.use_folder(tmp_path)
    with pytest.warns(
        UserWarning, match="a value of the kind .*cannot be told from others by its content; the study goes on"
    ):
        study(cell(METHOD, by=types.SimpleNamespace(__mul__=1), METHOD=1) and plain, pair, {"source": tasks[0]},
              {"a": dict(method=_holding(object()))}, seeds=1, **SHORT)  # fmt: skip
    assert len(folder) == 0 and len(counted) == 1


def _holding(thing):
    def method(parts, batch, done, settings):
        return plain(parts, batch, done, settings) if thing else None

    return method
