from transferlib.lessons.domain_adaptation import adapting, distances, exercises, plots, widgets

__all__ = ["adapting", "distances", "exercises", "plots", "widgets"]
