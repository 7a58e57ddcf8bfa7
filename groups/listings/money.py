"""Amounts of money in words."""

from decimal import Decimal


def money(amount: Decimal) -> str:
    """Pounds: "£3", "£2.50"."""
    return f"£{amount:.0f}" if amount == amount.to_integral_value() else f"£{amount:.2f}"
