"""What is known: figures with unit, date, source, licence and range."""
