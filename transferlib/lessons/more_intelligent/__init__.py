from transferlib.lessons.more_intelligent import exercises, pairs, plots, texts, widgets
