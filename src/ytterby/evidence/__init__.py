"""News to claims, events and scenarios."""
