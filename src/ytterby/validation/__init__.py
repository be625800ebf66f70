"""Checks against history: targets, replays, scores, calibration, frozen forecasts, hazard of restrictions."""
