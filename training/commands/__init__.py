"""The commands of `scamscreen-train` that came with retraining, one a file."""
