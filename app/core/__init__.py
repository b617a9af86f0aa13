"""What every slice stands on; imports no slice."""
