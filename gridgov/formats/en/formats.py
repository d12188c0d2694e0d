"""The formats of the house in English."""

DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i"
TIME_FORMAT = "H:i"
# The first is how a form writes a day.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d"]
