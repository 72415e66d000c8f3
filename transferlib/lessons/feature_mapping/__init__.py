from transferlib.lessons.feature_mapping import exercises, maps, plots, widgets

__all__ = ["exercises", "maps", "plots", "widgets"]
