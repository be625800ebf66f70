"""Weight of the worst cases in a plan; by itself, so that who writes of plans need not load what solves them."""

from __future__ import annotations

CVAR_WEIGHT = 0.5
"""Weight of the worst tenth in the objective."""
