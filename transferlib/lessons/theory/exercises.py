"""The exercises of lesson 18, theory."""

import numpy as np

from transferlib.exercises import code_exercise
from transferlib.tasks import rng_for


@code_exercise(
    "Set the mean gain to zero: 2ρ cos φ − ρ² = 0. What is cos φ?",
    "cos φ = ρ / 2. np.arccos gives radians, np.degrees makes degrees of them.",
    "Above ρ = 2 there is no such angle: the source hurts at every angle, so the border is 0.",
    solution="""import numpy as np

def answer(rho):
    return np.degrees(np.arccos(min(rho / 2, 1)))""",
    mistakes={
        "radians; asked for are degrees.": "np.degrees →",
        "that is the border for equal lengths; it moves with rho.": "60.0",
        "yours lacks a half: divide 2ρ cos φ = ρ² by 2ρ.": "rho / 2 → rho",
        "a longer source must hurt at a *smaller* angle: cos φ = ρ / 2.": (
            "rho / 2 → 1 / (2 * rho)",
            "rho / 2 → 1 / rho",
            "rho / 2 → 2 / rho",
        ),
        "there is no square: divide 2ρ cos φ = ρ² by 2ρ.": ("rho / 2 → rho**2 / 2", "rho / 2 → rho**2"),
        "that is the cosine; asked for is the angle.": "min(rho / 2, 1)",
        "above rho = 2 no cosine is rho / 2: there the source hurts at every angle, and the border is 0.": (
            "min(rho / 2, 1) → rho / 2",
            "answer(rho) if rho <= 2 else 90.0",
            "answer(rho) if rho <= 2 else 180.0",
        ),
        "that is the angle of the *sine*: use np.arccos.": "np.arccos → np.arcsin",
        "the angle is not a multiple of rho, nor of 1 / rho; its cosine is.": ("60 * rho", "60 / rho", "30 * rho"),
        "rho goes on to 2 before the border is 0; take the smaller of rho / 2 and 1.": "min(rho / 2, 1) → min(rho, 1) / 2",
        "yours has four times that: divide 2ρ cos φ = ρ² by 2ρ.": "rho / 2 → 2 * rho",
        "that is 180° less it; at small rho the source hurts from nearly 90° on.": "180 - answer(rho)",
        "np.arccos makes an angle of a cosine, np.cos a cosine of an angle.": "np.arccos → np.cos",
    },
    praise="the longer the source's solution, the smaller the angle at which it begins to hurt.",
)
def border():
    return [(rho,) for rho in (0.5, 1.0, 1.7, 3.0)]


@code_exercise(
    "The source helps if its solution is nearer to b than zero is. You do not know b. But each label is a look at X b.",
    "Noise adds the same to both: compare the mean squared error of X a on the labels with that of the answer 0.",
    solution="""import numpy as np

def answer(X, y, a):
    return np.mean(y**2) - np.mean((y - X @ a) ** 2)""",
    mistakes={
        "the sign is turned round: above 0 must mean that the source helps.": "-answer(X, y, a)",
        "take the mean over the rows, and not the sum.": "len(y) * answer(X, y, a)",
        "the theory is about *squared* errors, and takes no root of them.": (
            "np.mean(abs(y)) - np.mean(abs(y - X @ a))",
            "np.mean(y**2) ** 0.5 - np.mean((y - X @ a) ** 2) ** 0.5",
        ),
        "np.var takes a mean out first; take np.mean(… ** 2).": "np.var(y) - np.var(y - X @ a)",
        "that is the error of the source's solution; compare it with that of the answer 0.": (
            "np.mean((y - X @ a) ** 2)",
            "np.mean((y - X @ a) ** 2) ** 0.5",
        ),
        "asked for is the difference, and not whether it is above 0.": "float(answer(X, y, a) > 0)",
        "that is a share of the labels' variance; asked for is the difference itself.": (
            "answer(X, y, a) / np.mean(y**2)",
            "1 - np.mean((y - X @ a) ** 2) / np.var(y)",
        ),
        "a cosine forgets how long a is; compare errors.": (
            "y @ (X @ a) / np.linalg.norm(y) / np.linalg.norm(X @ a)",
            "np.corrcoef(y, X @ a)[0, 1]",
        ),
        "‖a‖² has to be taken off: a source that is too long hurts.": ("2 * np.mean(y * (X @ a))", "np.mean(y * (X @ a))"),
        "fine-tuning fits these rows exactly: its error on them is 0. Use `a` untouched.": "np.mean(y**2)",
        "that is the squared length of a: where do the labels come in?": "a @ a",
        "you put X⁺y in the place of b; with few labels it is too short: a bias. Compare errors on the labels.": (
            "np.sum((np.linalg.pinv(X) @ y) ** 2) - np.sum((a - np.linalg.pinv(X) @ y) ** 2)",
        ),
        "divide by the number of labels, not by another number.": (
            "answer(X, y, a) / 2",
            "answer(X, y, a) * len(y) / (len(y) - 1)",
            "answer(X, y, a) * len(y) / len(a)",
        ),
        "that is a quotient; asked for is the difference.": "np.mean((y - X @ a) ** 2) / np.mean(y**2)",
        "yours has no squares.": ("np.mean(y) - np.mean(y - X @ a)", "np.linalg.norm(y) - np.linalg.norm(y - X @ a)"),
        "that is one difference for each label; take their mean.": "y**2 - (y - X @ a) ** 2",
        "the first of the two is the error of the answer 0, so the labels' own squares.": (
            "np.mean((X @ a) ** 2) - np.mean((y - X @ a) ** 2)"
        ),
        "the gain is (1 − n/d) of it; asked for is ‖b‖² − ‖a − b‖² alone.": "(1 - len(y) / len(a)) * answer(X, y, a)",
    },
    right="2 * np.mean(y * (X @ a)) - a @ a",
    praise="on average it is ‖b‖² − ‖a − b‖². With few labels it is a rough guess.",
)
def look():
    for seed, (n, angle, noise, length) in enumerate(
        [(6, 20, 0.1, 1), (5, 80, 0.5, 1), (9, 65, 0.3, 0.5), (30, 10, 0.1, 1)]
    ):
        rng, turn = rng_for(seed, "exercise"), np.radians(angle)
        b, across = np.linalg.qr(rng.normal(size=(8, 2)))[0].T
        X = rng.normal(size=(n, 8))
        yield X, X @ b + noise * rng.normal(size=n), length * (np.cos(turn) * b + np.sin(turn) * across)


@code_exercise(
    "From scratch's error without noise is 1 − n/d. What is the frozen one, if the head is learned perfectly?",
    "Frozen: sin² φ. It hurts where sin² φ > 1 − n/d. Solve for n.",
    "n > d · cos² φ: the smallest whole number above it.",
    solution="""import numpy as np

def answer(angle, d):
    return int(np.floor(d * np.cos(np.radians(angle)) ** 2)) + 1""",
    mistakes={
        "the angle is in degrees: np.radians first.": "np.radians →",
        "sin² φ is the error that is left; it hurts where 1 − n/d is *below* it.": "np.cos → np.sin",
        "the error is a *squared* length: cos² φ.":
            ("** 2 →", "np.cos(np.radians(angle)) ** 2 → (1 - np.sin(np.radians(angle)))"),
        "a number of labels is whole: the smallest one above.": "d * np.cos(np.radians(angle)) ** 2",
        "there it does not hurt yet: the smallest whole number *above* d · cos² φ.": "answer(angle, d) - 1",
        "that is the share n / d; asked for is n.": "np.cos(np.radians(angle)) ** 2",
        "that is rounded to the nearest; take the smallest whole number above.":
            ("round(d * np.cos(np.radians(angle)) ** 2)", "round(d * np.cos(np.radians(angle)) ** 2) + 1"),
        "one label fewer is enough to hurt.": "answer(angle, d) + 1",
        "take the whole part first: a number of labels is whole.": "d * np.cos(np.radians(angle)) ** 2 + 1",
        "that is the law of fine-tuning; a frozen layer leaves the error sin² φ.":
            ("np.cos(np.radians(angle)) ** 2 → (2 * np.cos(np.radians(angle)) - 1)",),
        "from there on both fit their rows; the frozen layer hurts earlier.": "d",
        "d is given; it is not always 50.": "d * np → 50 * np",
        "np.degrees makes degrees of radians; np.radians is asked for.": "np.radians → np.degrees",
        "the angle is halved or doubled nowhere: cos² φ is a square.":
            "np.cos(np.radians(angle)) ** 2 → np.cos(2 * np.radians(angle))",
    },
    praise="the smaller the angle, the more labels it takes; above 0°, with enough labels, a frozen layer hurts.",
    near=1e-6,
)  # fmt: skip
def labels():
    return [(20, 50), (35, 50), (50, 200), (80, 37)]


@code_exercise(
    "Take the share of wrong answers among the source's rows, and that among the target's rows: two numbers.",
    "Their mean is the balanced error. d = 2 (1 − 2 · error), and never below 0.",
    solution="""import numpy as np

def answer(truth, said):
    wrong = [np.mean(said[truth == domain] != domain) for domain in (0, 1)]
    return 2 * max(0, 1 - 2 * np.mean(wrong))""",
    mistakes={
        "the larger domain decides in yours. Take the error within each domain, then the mean of the two.":
            ("2 * max(0, 1 - 2 * np.mean(truth != said))", "max(0, 1 - 2 * np.mean(truth != said))",
             "2 * (1 - 2 * np.mean(truth != said))", "2 * abs(1 - 2 * np.mean(truth != said))"),
        "worse than chance is no distance: never below 0.": "max(0, 1 - 2 * np.mean(wrong)) → (1 - 2 * np.mean(wrong))",
        "worse than chance is no distance: 0, and not its size.":
            "max(0, 1 - 2 * np.mean(wrong)) → abs(1 - 2 * np.mean(wrong))",
        "d goes from 0 to 2: twice (1 − 2 · error).": "2 * max → max",
        "chance errs half of the time, and has no distance: 1 − 2 · error, not 1 − error.":
            "2 * np.mean(wrong) → np.mean(wrong)",
        "that is the error itself; the better the domains are told, the larger d.":
            "2 * max(0, 1 - 2 * np.mean(wrong)) → np.mean(wrong)",
        "yours grows with the error: take the share of *wrong* answers.": "!= domain → == domain",
        "add the two errors, and 1 − 2 · error becomes 1 − 4 · error: take their mean.": "np.mean(wrong) → sum(wrong)",
        "that is the error within one domain; take both, and their mean.":
            ("np.mean(wrong) → wrong[0]", "np.mean(wrong) → wrong[1]"),
        "that is the accuracy: it is 0.5 where the classifier only guesses, and d is 0 there.":
            "2 * max(0, 1 - 2 * np.mean(wrong)) → 1 - np.mean(wrong)",
        "it asks of the rows that are *said* to be of a domain; take those that are of it.":
            "said[truth == domain] → truth[said == domain]",
        "that counts every row alike, and is no distance yet: start with the error within each domain.":
            ("np.mean(truth != said)", "np.mean(truth == said)", "abs(np.mean(truth) - np.mean(said))"),
        "never below 0, and twice (1 − 2 · error).": "1 - 2 * np.mean([np.mean(said[truth == k] != k) for k in (0, 1)])",
        "it goes to 2, not to 4.": "2 * answer(truth, said)",
    },
    praise="0 where the classifier only guesses, 2 where it never errs.",
)  # fmt: skip
def divergence():
    rng = rng_for(18, "exercise")
    for n, m, wrong in ((30, 10, (0.1, 0.4)), (12, 40, (0.05, 0.2)), (20, 15, (0.9, 0.6))):
        truth = np.repeat([0, 1], [n, m])
        flip = rng.random(n + m) < np.array(wrong)[truth]
        yield truth, np.where(flip, 1 - truth, truth)
