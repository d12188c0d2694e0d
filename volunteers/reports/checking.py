"""Whether the ledgers hold: what the database keeps line by line, reckoned again from all lines."""

from django.db import connection

# A fault of each kind says which row and by how much; a hundred of a kind are enough.
_CHECKS = {
    "balance of volunteer {}: {} minutes, its lines add up to {}": """
        SELECT volunteer_id, b.minutes, coalesce(l.sum, 0) FROM volunteers_balance b LEFT JOIN
        (SELECT volunteer_id, sum(minutes) FROM volunteers_hoursentry GROUP BY 1) l USING (volunteer_id)
        WHERE b.minutes <> coalesce(l.sum, 0)""",
    "balance of volunteer {}: {} points, its lines add up to {}": """
        SELECT volunteer_id, b.points, coalesce(l.sum, 0) FROM volunteers_balance b LEFT JOIN
        (SELECT volunteer_id, sum(points) FROM volunteers_pointsentry GROUP BY 1) l USING (volunteer_id)
        WHERE b.points <> coalesce(l.sum, 0)""",
    "hours {} take back {} minutes of a line of {}": """
        SELECT r.id, -r.minutes, e.minutes FROM volunteers_hoursentry r JOIN volunteers_hoursentry e ON e.id = r.reverses_id
        WHERE r.minutes <> -e.minutes OR r.volunteer_id <> e.volunteer_id""",
    "points {} take back {} of a line of {}": """
        SELECT r.id, -r.points, e.points FROM volunteers_pointsentry r JOIN volunteers_pointsentry e ON e.id = r.reverses_id
        WHERE abs(r.points) > abs(e.points) OR r.points * e.points > 0 OR r.volunteer_id <> e.volunteer_id""",
    "exchange {}: its lines come to {} points, they should to {}": """
        SELECT r.id, coalesce(sum(e.points), 0), CASE WHEN r.state = 'cancelled' THEN 0 ELSE -r.points END
        FROM volunteers_redemption r LEFT JOIN volunteers_pointsentry e ON e.redemption_id = r.id GROUP BY r.id
        HAVING coalesce(sum(e.points), 0) <> CASE WHEN r.state = 'cancelled' THEN 0 ELSE -r.points END""",
}


def ledger_faults() -> list[str]:
    """A sentence per fault, for whoever runs the house; none where all is as it should be."""
    faults: list[str] = []
    with connection.cursor() as cursor:
        for words, sql in _CHECKS.items():
            cursor.execute(f"{sql} ORDER BY 1 LIMIT 100")
            faults += [words.format(*row) for row in cursor.fetchall()]
    return faults
