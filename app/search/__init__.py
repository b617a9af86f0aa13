"""Full-text search shared by every list."""
