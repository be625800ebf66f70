"""Where an importer is exposed: traced shares with bounds, N-1 cover, indicators, GeoPolRisk, a firm's own parts."""
