"""What live panels are made of: controls round a picture, questions, progress, a drawing pad; `sharing`."""

from transferlib.widgets.networks import sharing
