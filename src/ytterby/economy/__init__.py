"""What a shortfall or a duty costs."""
