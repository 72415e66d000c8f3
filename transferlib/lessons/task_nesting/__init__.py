from transferlib.lessons.task_nesting import exercises, nested, plots, widgets

__all__ = ["exercises", "nested", "plots", "widgets"]
