"""Data files of the engine: units, parameters, categories, lexicon and default weights. See README.md."""
