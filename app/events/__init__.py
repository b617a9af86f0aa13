"""Events where companies meet, the meetings themselves, and what came of them."""
