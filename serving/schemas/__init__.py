"""JSON: what may be sent, what is answered, and the problems in between."""
