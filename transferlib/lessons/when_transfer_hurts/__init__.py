from transferlib.lessons.when_transfer_hurts import exercises, widgets

__all__ = ["exercises", "widgets"]
