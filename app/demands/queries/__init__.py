"""What the pages about needs show."""
