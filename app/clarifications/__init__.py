"""Questions and answers about a challenge, and who follows it: all bidders know the same at the same time."""
