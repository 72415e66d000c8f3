from transferlib.lessons.theory import exercises, plots, tables, widgets
