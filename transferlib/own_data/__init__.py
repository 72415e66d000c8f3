"""A reader's own folder, table or texts as a problem; the ladder of rungs and its verdict; the model that is kept."""
