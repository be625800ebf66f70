"""The briefing: first page and sections, written from a run, exposure and evidence."""
