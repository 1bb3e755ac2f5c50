"""What the agent costs, measured beside others in one run: `make bench`, as root, in a private namespace."""
