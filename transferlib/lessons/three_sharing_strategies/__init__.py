from transferlib.lessons.three_sharing_strategies import exercises, widgets

__all__ = ["exercises", "widgets"]
