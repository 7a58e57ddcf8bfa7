"""Where "Exit this page" leads: a quiet, common page, should somebody look over your shoulder."""

EXIT_TO = "https://www.bbc.co.uk/weather"
