from transferlib.lessons.feature_mapping import carrying, exercises, plots, widgets

__all__ = ["carrying", "exercises", "plots", "widgets"]
