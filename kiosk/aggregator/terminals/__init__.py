"""The terminals' side: pairing and identity, the terminal API and OSMP over HTTP, heartbeats, orders from afar, collections."""
