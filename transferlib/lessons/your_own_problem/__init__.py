from transferlib.lessons.your_own_problem import examples, exercises, plots, rules, widgets
