"""History as judge: targets of past episodes, replays, naive forecasts, scores, calibration, frozen forecasts, hazards."""
