from transferlib.lessons.evaluation import exercises, widgets

__all__ = ["exercises", "widgets"]
