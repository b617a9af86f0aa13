"""From the ranking to the award: proposal, public notice, objections, award, reserve, feedback, passport."""
