from transferlib.lessons.when_transfer_hurts import exercises, plots, widgets
