from transferlib.lessons.what_to_share import blocks, exercises, letters, plots, widgets
