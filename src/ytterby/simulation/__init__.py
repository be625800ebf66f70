"""The weekly market model: measures act on a network of markets, which is simulated week by week."""
