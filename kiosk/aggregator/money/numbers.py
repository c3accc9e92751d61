"""Order numbers that people type: ten digits, the last one a check digit, so that a slip of a finger finds nobody's order."""

NUMBER_DIGITS = 10
FIRST = 10 ** (NUMBER_DIGITS - 2)


def luhn_digit(digits: str) -> str:
    """The Luhn check digit (ISO/IEC 7812-1) of decimal `digits`."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def order_number(order_id: int) -> str:
    """The number of order `order_id`, which is never given twice."""
    body = str(FIRST + order_id)
    return body + luhn_digit(body)


def is_number(text: str) -> bool:
    """Whether `text` can be an order number at all."""
    return len(text) == NUMBER_DIGITS and text.isascii() and text.isdigit() and luhn_digit(text[:-1]) == text[-1]
