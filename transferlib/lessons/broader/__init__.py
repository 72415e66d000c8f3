from transferlib.lessons.broader import exercises, pairs, plots, widgets

__all__ = ["exercises", "pairs", "plots", "widgets"]
