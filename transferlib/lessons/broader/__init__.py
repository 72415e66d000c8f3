from transferlib.lessons.broader import exercises, pairs, plots, widgets
