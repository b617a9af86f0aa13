"""What waits for the desk: read by its first page and by the digest of the people who work there."""
