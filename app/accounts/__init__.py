"""People, organisations, verification and login."""
