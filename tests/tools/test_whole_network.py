"""Training layers of EfficientNet-lite0: the file of the long runs, and one of them again."""

import numpy as np
import pytest

from tools import whole_network as whole
from transferlib.imagenet import EFFICIENTNET
from transferlib.lessons.a_real_pretrained_network import stored_runs

needs_weights = pytest.mark.skipif(not EFFICIENTNET.installed, reason=EFFICIENTNET.install)


def test_the_file_holds_the_runs_that_the_code_plans_and_no_others():
    asked = {(arm.name, seed): arm.steps for arm, seed in whole.planned()}
    assert {(run["arm"], run["seed"]): len(run["loss"]) for run in whole.made()} == asked
    assert len(whole.made()) == len(asked)
    assert all(0 <= run["accuracy"] <= 1 and run["seconds"] > 0 for run in whole.made())
    assert {len(each) for each in stored_runs.accuracies().values()} == {len(stored_runs.SEEDS)}
    losses = stored_runs.losses()
    assert {name: each.shape[1] for name, each in losses.items()} == {arm.name: arm.steps for arm in whole.ARMS}


@needs_weights
def test_a_stored_run_comes_out_again():
    arm = whole.ARMS[0]
    again = whole.run(arm, 3)
    assert again["accuracy"] == pytest.approx(stored_runs.accuracies()[arm.name][3], abs=0.02)
    np.testing.assert_allclose(again["loss"], stored_runs.losses()[arm.name][3], atol=0.01)


def test_the_command_makes_only_what_is_missing(monkeypatch, tmp_path):
    made = []
    monkeypatch.setattr(whole, "FILE", tmp_path / "runs.json")
    monkeypatch.setattr(whole, "run", lambda arm, seed: made.append(seed) or dict(arm=arm.name, seed=seed, accuracy=1.0,
                                                                                  loss=[0.0], seconds=1.0))  # fmt: skip
    whole.main(["head"])
    whole.main(["head"])
    assert made == list(whole.SEEDS) and len(whole.made()) == 10
