"""The technician's minute: checks of every part of the kiosk, each honest about what it did and what it could not know."""
