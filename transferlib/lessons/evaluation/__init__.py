from transferlib.lessons.evaluation import exercises, plots, widgets

__all__ = ["exercises", "plots", "widgets"]
