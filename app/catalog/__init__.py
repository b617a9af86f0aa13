"""Chip products and their data sheets."""
