"""The pages of who looks after the service: people, keys, rules, the model and the audit."""
