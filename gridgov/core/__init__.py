"""The tool chest: records, jobs, locks, the work calendar, errors and the bases of the faces; it knows no room."""
