from transferlib.lessons.cross_modal_learning import codes, encoders, exercises, plots, widgets

__all__ = ["codes", "encoders", "exercises", "plots", "widgets"]
