"""Answers of chip firms to challenges."""
