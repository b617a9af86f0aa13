"""What the pages about bids show, to the firm and nobody else."""
