"""What if: runs, their draws, comparisons, and what explains them."""
