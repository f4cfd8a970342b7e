"""Files that people upload: sent in chunks, read row by row, and what became of each row."""
