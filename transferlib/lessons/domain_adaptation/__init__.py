from transferlib.lessons.domain_adaptation import distances, exercises, plots, widgets
