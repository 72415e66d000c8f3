from transferlib.lessons.a_real_pretrained_network import exercises, kept_features, plots, stored_runs, widgets

__all__ = ["exercises", "kept_features", "plots", "stored_runs", "widgets"]
