"""The exercise of lesson 00, start here."""

from transferlib.exercises import exercise, need, number

KEPT, SVM = "share weights, head kept", "SVM, no source"


@exercise(
    "Where is the line 'fine-tuned, head kept' at 1 label? Go to the right at that height, to the black line.",
    "measured[2][SVM].mean() is what the SVM reaches with 2 labels per class; compare it with measured[1][KEPT].mean().",
    solution="""KEPT, SVM = "share weights, head kept", "SVM, no source"
answer = min(k for k in measured if measured[k][SVM].mean() >= measured[1][KEPT].mean())""",
)
def worth(answer, measured):
    answer, goal = number(answer), float(measured[1][KEPT].mean())
    svm = {k: float(measured[k][SVM].mean()) for k in sorted(measured)}
    there = [k for k, reached in svm.items() if reached >= goal]
    need(there, f"here the SVM never reaches {goal:.2f}. Reset `measured` by running the cell that made it.")
    right, listed = there[0], ", ".join(map(str, svm))
    need(answer > 0, f"that is no number of labels; choose one of {listed}.")
    need(not 0 < answer < 1, f"that is an accuracy; the number of labels per class was asked for: one of {listed}.")
    need(answer == int(answer), f"labels are counted in whole numbers: one of {listed}.")
    need(answer != 1, f"with 1 label the SVM reaches {svm[1]:.2f}; the transferred network reaches {goal:.2f} with it.")
    if answer not in svm:
        between = [k for k in svm if k < answer]
        need(answer < max(svm), f"that is more than was measured; choose one of {listed}.")
        need(False, f"{answer} was not measured: it lies after {max(between)}. Choose the first that was and is enough.")
    need(
        answer >= right, f"with {answer} the SVM reaches {svm[answer]:.2f}, still below {goal:.2f}. Go further to the right."
    )
    ten = " (Labels per class are asked for, not all ten classes together.)" if answer == 10 * right else ""
    need(answer == right, f"enough, but not the first that is: with {right} the SVM reaches {svm[right]:.2f} already.{ten}")
    return f"the source is worth more than {max(k for k in svm if k < right)} and up to {right} labels of each digit here."
