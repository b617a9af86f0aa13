"""Sample companies, products, needs, challenges and bids, so that a new installation can show something."""
