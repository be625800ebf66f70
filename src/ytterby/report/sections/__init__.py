"""Parts of the briefing, one module each: pure functions from material and pen to panels and sections."""
