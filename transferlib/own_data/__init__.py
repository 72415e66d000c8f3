"""A reader's own folder, table or texts as a problem; the ladder and its verdict; the model that is saved."""
