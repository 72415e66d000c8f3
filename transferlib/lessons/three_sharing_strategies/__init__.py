from transferlib.lessons.three_sharing_strategies import exercises, plots, widgets

__all__ = ["exercises", "plots", "widgets"]
