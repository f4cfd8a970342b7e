"""Is a retrained model better than the one it would replace, and may it take its place?"""
