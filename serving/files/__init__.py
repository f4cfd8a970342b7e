"""Files in, files out: an input becomes a stream of `Row`s, an output is written from rows and records."""
