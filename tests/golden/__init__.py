"""Every message as its readers see it; written by ``python -m tests.golden``, compared by tests/unit/mail."""
