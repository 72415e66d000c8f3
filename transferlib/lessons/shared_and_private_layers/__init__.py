from transferlib.lessons.shared_and_private_layers import exercises

__all__ = ["exercises"]
