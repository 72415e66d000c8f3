from transferlib.lessons.your_own_problem import examples, exercises, plots, rules, widgets

__all__ = ["examples", "exercises", "plots", "rules", "widgets"]
