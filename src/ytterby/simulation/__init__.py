"""What then happens, week by week."""
