"""Work that must happen after a change: rows written with the change, done by workers."""
