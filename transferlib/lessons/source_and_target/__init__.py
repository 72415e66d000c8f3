from transferlib.lessons.source_and_target import exercises, plots, widgets
