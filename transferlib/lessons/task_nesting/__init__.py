from transferlib.lessons.task_nesting import exercises, nested, plots, widgets
