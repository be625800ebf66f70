"""The sourced figures, the user's own, and what they change."""
