"""The tool chest: records, jobs, locks, the work calendar, errors and the bases of the faces. It knows no room."""
