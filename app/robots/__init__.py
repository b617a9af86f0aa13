"""Group robots: what a company is told, posted into its own group chat."""
