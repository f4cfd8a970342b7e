"""What people do with reports, step by step."""
