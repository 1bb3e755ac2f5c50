"""San Sang: the monitoring agent for the infrastructure readiness of local government."""

__version__ = "0.1.0"
BUILT_ON = "2026-11-29"
"""A day (UTC) that was over when this version was made, set with it: a clock that shows an earlier one is wrong."""
