"""The exercise of lesson 00, start here."""

from transferlib.exercises import exercise, need, number

KEPT, SVM = "share weights, head kept", "SVM, no source"


@exercise(
    "Where is the line 'head kept' at 1 label? Go right at that height, to the black line.",
    "measured[2][SVM].mean() is the SVM with 2 labels per class; compare it with measured[1][KEPT].mean().",
    solution="""KEPT, SVM = "share weights, head kept", "SVM, no source"
answer = min(k for k in measured if measured[k][SVM].mean() >= measured[1][KEPT].mean())""",
)
def worth(answer, measured):
    answer, goal = number(answer), float(measured[1][KEPT].mean())
    svm = {k: float(measured[k][SVM].mean()) for k in sorted(measured)}
    right, listed = next((k for k in svm if svm[k] >= goal), None), ", ".join(map(str, svm))
    again = "Make `measured` again by running the cell that made it."
    need(right, f"here the SVM never reaches {goal:.2f}. {again}")
    need(right != 1, f"here the SVM reaches {goal:.2f} with 1 label already. {again}")
    need(answer > 0, f"that is no number of labels; choose one of {listed}.")
    need(not 0 < answer < 1, f"that is an accuracy; labels per class were asked for: one of {listed}.")
    need(answer == int(answer), f"labels are counted in whole numbers: one of {listed}.")
    need(answer <= max(svm), f"that is more than was measured; choose one of {listed}.")
    need(answer in svm, f"{answer} was not measured. Choose the first of {listed} that was and is enough.")
    below = f"with {answer} the SVM reaches {svm[answer]:.2f}, still below the network's {goal:.2f}."
    need(answer >= right, f"{below} Go further to the right.")
    ten = " (Labels per class are asked for, not all ten classes together.)" if answer == 10 * right else ""
    first = f"enough, but not the first that is: with {right} the SVM reaches {svm[right]:.2f} already.{ten}"
    need(answer == right, first)
    last = max(k for k in svm if k < right)
    return f"the source and one label of each digit are worth more than {last} and up to {right} of each without it here."
