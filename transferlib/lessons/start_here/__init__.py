from transferlib.lessons.start_here import exercises, opening, plots, widgets

__all__ = ["exercises", "opening", "plots", "widgets"]
