"""Where a country is exposed."""
