from transferlib.lessons.cross_modal_learning import codes, exercises, pairs, plots, widgets
