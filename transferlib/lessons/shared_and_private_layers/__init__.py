from transferlib.lessons.shared_and_private_layers import exercises, plots
