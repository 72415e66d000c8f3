from transferlib.lessons.multi_task_learning import exercises, plots, together, widgets
