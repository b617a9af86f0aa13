"""Catalogues of what people read, and the tool that collects it."""
