"""What the pages of events and meetings show."""
