"""A firm's own parts."""
