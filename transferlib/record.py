"""A learner's record, `progress.json` in her own copy of the lessons: which exercises and predictions were answered.

{"exercises": {lesson: {exercise: {"right": true or false, "tries": number, "when": time}}},
 "predictions": {lesson: {question: {"choice": words, "measured": words, "right": true or false, "when": time}}}}

An exercise that was right once stays right, and counts no further tries. A kernel that runs in another folder, such as
that of the stored lessons, writes nothing: there the record lasts as long as the kernel.
"""

import json
import os
import sys
import time
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from transferlib.own_copy import EDITIONS, write

FILE = "progress.json"
HOLDS = {"exercises": {"right", "tries", "when"}, "predictions": {"choice", "measured", "right", "when"}}
_of_this_kernel = {kind: {} for kind in HOLDS}


def lesson() -> str:
    """The lesson whose folder this kernel imported first; '' for none."""
    return next((name.split(".")[2] for name in list(sys.modules) if name.startswith("transferlib.lessons.")), "")


def place() -> Path | None:
    """Where the record lies; None outside a learner's own copy."""
    return Path(FILE).absolute() if Path(EDITIONS).is_file() else None


def tried(lesson: str, exercise: str, right: bool) -> None:
    """Keep that an exercise was answered."""

    def keep(record):
        entry = record["exercises"].setdefault(lesson, {}).setdefault(exercise, {"right": False, "tries": 0})
        if not entry["right"]:
            entry |= {"right": right, "tries": entry["tries"] + 1, "when": _now()}

    _with_record(keep)


def predicted(lesson: str, question: str, choice: str, measured: str) -> None:
    """Keep what was predicted and what came out; the last choice counts."""

    def keep(record):
        entries, entry = record["predictions"].setdefault(lesson, {}), {"choice": choice, "measured": measured}
        if entry.items() - entries.get(question, {}).items():
            entries[question] = entry | {"right": choice == measured, "when": _now()}

    _with_record(keep)


def answered(kind: str, lesson: str) -> dict[str, dict]:
    """{name: entry} of a lesson's "exercises" or "predictions"."""
    return _with_record(lambda record: record[kind].get(lesson, {}))


def _with_record(use):
    """What `use(record)` returns; what it changes is written. Trouble with the file is said, and stops no lesson."""
    if not (path := place()):
        return use(_of_this_kernel)
    try:
        with _alone(path.with_name(f".{FILE}.lock")):
            record = _read(path)
            before = json.dumps(record)
            result = use(record)
            if json.dumps(record) != before:
                write(path, json.dumps(record, indent=1, ensure_ascii=False).encode())
            return result
    except OSError as error:
        print(f"{FILE} cannot be read or written, so nothing is kept in it: {error}")
        return use({kind: {} for kind in HOLDS})


def _read(path):
    """The record of a file; a damaged one is set aside."""
    try:
        record = json.loads(path.read_text("utf-8"))
        entries = [(entry, HOLDS[kind]) for kind in HOLDS for each in record[kind].values() for entry in each.values()]
        if all(holds <= entry.keys() for entry, holds in entries):
            return record
    except FileNotFoundError:
        return {kind: {} for kind in HOLDS}
    except (ValueError, LookupError, TypeError, AttributeError):  # no JSON, or another shape
        pass
    aside = path.with_name(f"progress.damaged-{time.time_ns()}.json")
    os.replace(path, aside)
    print(f"{FILE} was damaged. It is now called {aside.name}, and a new one begins.")
    return {kind: {} for kind in HOLDS}


@contextmanager
def _alone(lock):
    """One kernel at a time, by a file that only one can make. One that was left behind is waited for once, 5 seconds."""
    for _ in range(100):
        with suppress(FileExistsError):
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        time.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _now():
    return datetime.now().astimezone().isoformat(timespec="seconds")
