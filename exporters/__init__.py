"""What leaves the agent: metrics now, reports and score sheets later."""
