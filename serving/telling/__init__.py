"""WHAT HAPPENED -> THOSE WHO ASKED TO BE TOLD: webhooks and streams of events."""
