from transferlib.lessons.domain_adaptation import distances, exercises, plots, widgets

__all__ = ["distances", "exercises", "plots", "widgets"]
