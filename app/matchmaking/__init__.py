"""Suggestions of the model, their approval, and the pairings that follow."""
