"""HTTP: the routes beside those of the model."""
