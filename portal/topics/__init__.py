"""Landing pages of activities and needs."""
