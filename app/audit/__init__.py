"""Who changed what, when and why: rows that are only ever added."""
