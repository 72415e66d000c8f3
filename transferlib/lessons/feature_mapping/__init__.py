from transferlib.lessons.feature_mapping import carrying, exercises, plots, widgets
