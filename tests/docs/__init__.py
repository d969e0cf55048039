"""Documentation pages, followed to the letter."""
