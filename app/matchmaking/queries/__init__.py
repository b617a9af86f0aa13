"""What the pages about suggestions and pairings show."""
