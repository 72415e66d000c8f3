from transferlib.lessons.theory import exercises, plots, tables, widgets

__all__ = ["exercises", "plots", "tables", "widgets"]
