"""People who hold the keys of sealed competitions, and the cryptography they rely on."""
