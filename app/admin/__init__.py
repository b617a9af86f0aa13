"""The desk of the authority and the operator."""
