"""What may happen: measures, scenarios, ensembles, episodes."""
