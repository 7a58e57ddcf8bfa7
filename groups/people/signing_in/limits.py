"""How often signing in may be tried."""

from groups.throttle import Limit

LINKS_TO_ONE_ACCOUNT = Limit("links to an account", 5)
LINKS_FROM_ONE_ADDRESS = Limit("links from an address", 20)
CODES_FROM_ONE_ADDRESS = Limit("codes from an address", 30)
PASSWORDS_FOR_ONE_ACCOUNT = Limit("passwords for an account", 10)
PASSWORDS_FROM_ONE_ADDRESS = Limit("passwords from an address", 50)
SECOND_STEPS_OF_ONE_ACCOUNT = Limit("second steps of an account", 5)
