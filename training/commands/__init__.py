"""The commands of `scamscreen-train`, a file each; each is a thin shell over functions elsewhere."""
