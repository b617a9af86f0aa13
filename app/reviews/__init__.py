"""Experts judge the opened bids of a challenge: format, panel, scores, discussion, ranking."""
