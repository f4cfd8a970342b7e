"""REPORTS: taken, kept, screened, worked on and told of, over `serving.store`."""
