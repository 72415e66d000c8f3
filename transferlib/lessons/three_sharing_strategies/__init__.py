from transferlib.lessons.three_sharing_strategies import exercises, plots, widgets
