"""The commands of `scamscreen-train` that bring labels, spend and watch them; each a thin shell."""
