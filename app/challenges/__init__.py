"""Open competitions: a need with indicators, money and a deadline."""
