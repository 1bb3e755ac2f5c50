"""What people fill in for a score: the sheet to fill, and what comes back in it."""
