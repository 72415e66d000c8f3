"""Every question of the course as a bank for Moodle, in its GIFT form: python -m tools.questions [FILE]

By default build/questions.gift. The right answer is the one that the stored lesson measured; what the lesson says beside it
is the feedback. In Moodle: Question bank, Import, GIFT.
"""

import json
import re
import sys
from pathlib import Path

from tools.stored import LESSONS, Claim, Question, following, sentences, shown, title

HEAD = "// Made of the stored lessons by python -m tools.questions; a lesson that is run again may measure another answer.\n"


def escaped(words: str) -> str:
    r"""Words as GIFT wants them: a backslash before each of \ ~ = # { } : and no line break."""
    return re.sub(r"([\\~=#{}:])", r"\\\1", " ".join(words.split()))


def explained(path: Path, question: Question) -> str:
    """What the lesson says where the answer is shown: the claims that follow at once, and the first sentences below."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    below = next((i for i in range(question.met + 1, len(cells)) if cells[i]["cell_type"] == "markdown"), len(cells))
    claims = [each for each in shown(path) if isinstance(each, Claim) and question.met < each.cell < below]
    measured = [f"{each.sentence}: {each.measured}." for each in claims]
    return " ".join([*measured, sentences(following(cells, question.met), 60), f"(Lesson {path.stem[:2]})"])


def gift(path: Path, question: Question, number: int) -> str:
    """One question."""
    lines = [f"::{path.stem[:2]} question {number}::[plain]{escaped(' '.join([*question.setting, question.text]))} {{"]
    for option in question.options:
        reply = f"#{escaped(question.replies[option])}" if question.replies else ""
        lines.append(f"\t{'=' if option == question.right else '~'}{escaped(option)}{reply}")
    if not question.replies:
        lines.append(f"\t####{escaped(explained(path, question))}")
    return "\n".join([*lines, "}"]) + "\n"


def bank(lessons: list[Path] = LESSONS) -> str:
    """All questions of lessons, a category for each."""
    made = [HEAD]
    for path in lessons:
        heading, _ = title(json.loads(path.read_text("utf-8"))["cells"])
        made.append(f"$CATEGORY: $course$/Transfer learning/{heading.replace('/', '-')}\n")
        asked = [each for each in shown(path) if isinstance(each, Question)]
        made += [gift(path, each, i) for i, each in enumerate(asked, 1)]
    return "\n".join(made)


if __name__ == "__main__":
    file = Path(sys.argv[1] if len(sys.argv) > 1 else "build/questions.gift")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(bank(), "utf-8")
