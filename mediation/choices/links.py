"""The parties' own links: how long one opens, and how often its digits may be tried."""

import datetime as dt

LINK_KEPT = dt.timedelta(days=14)
LINK_TRIES, DIGITS = 5, 4
# The browser that opened a link is asked for the digits again after so long.
OPEN_SECONDS = 2 * 3600
