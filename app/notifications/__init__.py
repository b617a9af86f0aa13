"""What people are told, where and how often."""
