from transferlib.lessons.three_training_steps import exercises, layer_gradients, plots, widgets
