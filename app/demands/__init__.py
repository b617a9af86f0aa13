"""What terminal makers need."""
