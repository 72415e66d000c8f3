from transferlib.lessons.more_efficient import exercises, plots, widgets
from transferlib.lessons.more_efficient.stored_runs import stored_runs
