"""The figures: values with unit, date, source, licence and range."""
