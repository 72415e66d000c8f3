from transferlib.lessons.evaluation import exercises, plots, widgets
