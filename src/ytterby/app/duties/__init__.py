"""What dated duties do."""
