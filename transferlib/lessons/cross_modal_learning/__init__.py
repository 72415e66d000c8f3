from transferlib.lessons.cross_modal_learning import encoders, exercises, plots, widgets, zero_shot

__all__ = ["encoders", "exercises", "plots", "widgets", "zero_shot"]
