"""The reference aggregator: an independent program. `app` puts its faces together, `server` serves them over HTTPS."""
