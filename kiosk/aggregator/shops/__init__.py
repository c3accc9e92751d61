"""What a merchant agrees to: registration, documents, tariffs, being paid out, support, what looks unusual, the end."""
