"""What moves money: books, orders and their life, quotes, payments, claims, refunds, registers, and the proof of it all."""
