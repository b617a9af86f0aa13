"""Product sheets as files in the layout of the handbook: reading them without trust, and writing them."""
