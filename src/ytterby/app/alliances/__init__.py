"""What an alliance is worth, and shares of it."""
