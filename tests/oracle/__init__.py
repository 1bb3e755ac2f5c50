"""An oracle of uptime reports that shares no line with the product: see README.md."""
