"""Exposure of an importer: traced shares with bounds, N-1 cover, indicators, GeoPolRisk, a firm's bill of materials."""
