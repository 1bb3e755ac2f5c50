"""Boards, rules and the configuration of Prometheus, Alertmanager and Grafana, built from the metric catalogue."""
