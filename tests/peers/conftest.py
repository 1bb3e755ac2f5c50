"""Fixtures of the command line's tests, for those that also need the machine to themselves."""

from tests.agent.cli.conftest import served

__all__ = ["served"]
