from transferlib.lessons.a_real_pretrained_network import exercises, pictograms, plots, stored_runs, widgets
