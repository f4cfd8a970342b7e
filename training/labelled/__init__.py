"""Labels that others give -> a dataset folder that training reads: formats, mapping, checks, card."""
