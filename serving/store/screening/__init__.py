"""What waits to be screened, who screens it, and what came of it."""
