"""Whether what comes in has changed between two periods, or only looks so by chance."""
