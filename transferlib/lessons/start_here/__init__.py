from transferlib.lessons.start_here import exercises, opening, plots, widgets
