"""The output of the agent: metrics, pages and reports."""
