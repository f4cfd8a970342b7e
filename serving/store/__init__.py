"""Reports -> a database that loses none: originals, who did what to them, and what is to be done next."""
