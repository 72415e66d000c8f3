from transferlib.lessons.source_and_target import exercises, plots, widgets

__all__ = ["exercises", "plots", "widgets"]
