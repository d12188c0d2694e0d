"""The worker's day: patrols with a trail of their own, visits, the daily report, and what is said against needless work."""
