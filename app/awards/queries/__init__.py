"""What is shown between ranking and award."""
