"""How the table of candidate measures is made: choices as tables, figures from the facts."""
