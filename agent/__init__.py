"""San Sang: the monitoring agent for the infrastructure readiness of local government."""

__version__ = "0.1.0"
