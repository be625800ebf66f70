"""What is controlled on a day, and what will be decided."""
