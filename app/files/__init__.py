"""Uploaded files: kept under their hash, handed out only through a policy."""
