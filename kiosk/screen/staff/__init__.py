"""The screens for people with keys: signing in, diagnosis, collection, what a supervisor settles. Pure; Kivy draws elsewhere."""
