from transferlib.lessons.source_and_target import exercises, widgets

__all__ = ["exercises", "widgets"]
