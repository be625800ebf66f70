"""The project store in DuckDB."""
