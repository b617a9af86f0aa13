"""Who meets whom, when and at which table: the best schedule, with a proven bound. No database, no Flask."""
