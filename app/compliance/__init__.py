"""Requirements against offers, as tables for people."""
