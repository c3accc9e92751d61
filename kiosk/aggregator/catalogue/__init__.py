"""What terminals offer besides orders: services of a signed catalogue, their fields, and what their payees know."""
