from transferlib.lessons.more_intelligent import exercises, pairs, plots, widgets

__all__ = ["exercises", "pairs", "plots", "widgets"]
