"""What it means: pure functions of System or Results."""
