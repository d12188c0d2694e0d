"""What a case and its orders, ratings, callbacks and response clocks count for (the view `cases_contribution`), and the
triggers that write every change of it down as signed deltas (ADR 0005).

One text says what counts; it is used for the view and, with OLD and NEW rows in the place of the table, for the triggers.
"""

from django.db import migrations

HOURS = (1, 2, 4, 8, 12, 24, 36, 48, 72, 96, 120, 168, 240, 360, 720)
TIMES = [f"t{n}" for n in range(len(HOURS) + 1)]
AHEAD = [
    "due",
    "due_closed",
    "due_on_time",
    "due_extended",
    "due_parked",
    "due_suspended",
    "due_excluded",
    "answer_due",
    "answer_in_time",
]
MEASURES = [
    *AHEAD,
    "reported",
    "reported_accepted",
    "accepted",
    "completed",
    "completed_reworked",
    "completed_called",
    "seconds",
    *TIMES,
    "closed",
    "sent",
    "sent_returned",
    "rated",
    "rated_good",
    "rated_basic",
    "called",
    "called_solved",
]
PLACE = ["street_id", "total_id", "comprehensive_id", "category_id", "tier", "channel"]
KEY = ["day", *PLACE, "unit_id"]
KEYS = ", ".join(KEY)
ALL = ", ".join(MEASURES)

LEAD = "LEFT JOIN cases_order lo ON lo.id = c.lead_order_id"
DIMS = (
    "c.street_id::int AS street_id, coalesce(c.total_id, 0)::int AS total_id, "
    "coalesce(c.comprehensive_id, 0)::int AS comprehensive_id, c.category_id::int AS category_id, c.tier, c.channel"
)
ALIVE = "c.state NOT IN ('merged', 'voided')"
COUNTS = f"{ALIVE} AND c.state <> 'rejected' AND NOT c.excluded"
STANDS = f"{COUNTS} AND c.hold = ''"
EDGES = "{" + ", ".join(str(hours * 3600) for hours in HOURS) + "}"


def day(moment):
    return f"({moment} AT TIME ZONE 'Asia/Shanghai')::date"


def one(condition):
    return f"CASE WHEN {condition} THEN 1 END"


# day on which it counts, and what: one row of VALUES each. Nothing counts on no day.
OF_A_CASE = [
    (f"CASE WHEN {ALIVE} AND c.state <> 'rejected' THEN {day('c.due_at')} END", {
        "due": one(STANDS),
        "due_closed": one(f"{STANDS} AND c.state = 'closed'"),
        "due_on_time": one(f"{STANDS} AND c.completed_at <= c.due_at AND c.breached_at IS NULL"),
        "due_extended": one(f"{STANDS} AND c.extended > 0"),
        "due_parked": one(f"{COUNTS} AND c.hold = 'parked'"),
        "due_suspended": one(f"{COUNTS} AND c.hold = 'suspended'"),
        "due_excluded": one("c.excluded"),
    }),
    (f"CASE WHEN {ALIVE} AND NOT c.excluded THEN {day('c.reported_at')} END", {
        "reported": "1", "reported_accepted": one("c.accepted_at IS NOT NULL"),
    }),
    (f"CASE WHEN {COUNTS} THEN {day('c.accepted_at')} END", {"accepted": "1"}),
    (f"CASE WHEN {COUNTS} THEN {day('c.completed_at')} END", {
        "completed": "1",
        "completed_reworked": one("c.rework_count > 0"),
        "completed_called": one("EXISTS (SELECT FROM cases_callback b"
                                " WHERE b.case_id = c.id AND b.round = c.round AND b.reached)"),
        "seconds": "w.took",
        **{name: one(f"w.class = {number}") for number, name in enumerate(TIMES)},
    }),
    (f"CASE WHEN {COUNTS} AND c.state = 'closed' THEN {day('c.closed_at')} END", {"closed": "1"}),
]  # fmt: skip


def null(measure):
    return "NULL::bigint" if measure == "seconds" else "NULL::int"


def columns(counted):
    return ", ".join(counted.get(name) or null(name) for name in MEASURES)


def named(counted):
    return ", ".join(f"{counted.get(name) or null(name)} AS {name}" for name in MEASURES)


def of_case(source, unit="lo.unit_id", lead=LEAD, pauses="cases_pause"):
    """Rows (key, measures) of the cases in SOURCE by themselves."""
    rows = ",\n".join(f"({when}, {columns(counted)})" for when, counted in OF_A_CASE)
    return f"""
        SELECT k.day, {DIMS}, coalesce({unit}, 0)::int AS unit_id, {", ".join(f"k.{name}" for name in MEASURES)}
        FROM {source} c {lead}
        LEFT JOIN LATERAL (
            SELECT took, width_bucket(took, '{EDGES}'::bigint[]) AS class FROM (
                SELECT greatest(round(extract(epoch FROM c.completed_at - c.started_at)
                    - coalesce(sum(extract(epoch FROM ended_at - started_at)), 0)), 0)::bigint AS took
                FROM {pauses} s
                WHERE s.case_id = c.id AND s.started_at >= c.started_at AND s.ended_at <= c.completed_at
            ) x
        ) w ON c.completed_at IS NOT NULL
        CROSS JOIN LATERAL (VALUES {rows}) AS k (day, {ALL})
        WHERE k.day IS NOT NULL"""


# table → (its rows by the alias d that count, the moment, measures, whether the unit is its own)
CHILDREN = {
    "cases_deadline": (f"d.clock = 'response' AND d.dropped_at IS NULL AND {ALIVE} AND NOT c.excluded", "d.due_at", {
        "answer_due": "1", "answer_in_time": one("d.met_at <= d.due_at AND d.breached_at IS NULL"),
    }, False),
    # A worker's own order from capture was sent to nobody else.
    "cases_order": (f"d.handler_id IS DISTINCT FROM d.sent_by_id AND {COUNTS}", "d.sent_at", {
        "sent": "1", "sent_returned": one("d.state = 'returned'"),
    }, True),
    "cases_rating": (COUNTS, "d.at", {
        "rated": "1", "rated_good": one("d.score >= 2"), "rated_basic": one("d.score = 2"),
    }, False),
    "cases_callback": (f"d.reached AND d.solved IS NOT NULL AND {COUNTS}", "d.at", {
        "called": "1", "called_solved": one("d.solved"),
    }, False),
}  # fmt: skip


def of_child(table, child=None, source="cases_case", unit="lo.unit_id", lead=LEAD):
    """Rows (key, measures) of TABLE (or CHILD in its place) for the cases in SOURCE."""
    holds, moment, counted, own_unit = CHILDREN[table]
    unit = "d.unit_id" if own_unit else unit
    lead = "" if own_unit else lead
    return f"""
        SELECT {day(moment)} AS day, {DIMS}, coalesce({unit}, 0)::int AS unit_id, {named(counted)}
        FROM {child or table} d JOIN {source} c ON c.id = d.case_id {lead} WHERE {holds}"""


def around(source, **more):
    return [of_child(table, source=source, **more) for table in CHILDREN]


def net(*parts):
    """The sums of (sign, rows) that are not nothing, as deltas."""
    rows = "\nUNION ALL\n".join(f"SELECT {sign} AS s, x.* FROM ({text}) x" for sign, text in parts)
    names = ", ".join([*KEY, *MEASURES])
    sums = ", ".join(f"nullif(sum(s * {name}), 0)" for name in MEASURES)
    return f"""
        INSERT INTO cases_tallydelta ({names})
        SELECT {KEYS}, {sums} FROM ({rows}) parts GROUP BY {KEYS} HAVING coalesce({sums}) IS NOT NULL;"""


# The case's columns by which it counts, the states taken together that make no difference, and those it is filed under.
FILED = (
    "{r}.street_id, {r}.total_id, {r}.comprehensive_id, {r}.category_id, {r}.tier, {r}.channel, {r}.lead_order_id, "
    "{r}.excluded, CASE WHEN {r}.state IN ('merged', 'voided', 'rejected', 'closed') THEN {r}.state ELSE 'open' END"
)
COUNTED = FILED + (
    ", {r}.hold, {r}.reported_at, {r}.accepted_at, {r}.started_at, {r}.due_at, {r}.completed_at, {r}.closed_at, "
    "{r}.breached_at, {r}.extended > 0, {r}.rework_count > 0, {r}.round"
)


def changed(side, columns):
    """The rows of one SIDE (o, n) of an UPDATE whose COLUMNS differ."""
    before, after = columns.format(r="o"), columns.format(r="n")
    return f"(SELECT {side}.* FROM old_rows o JOIN new_rows n USING (id) WHERE ({before}) IS DISTINCT FROM ({after}))"


# The plans are made once a session, perhaps while the tables are empty; they must still be good when these are full.
BY_INDEX = "SET enable_seqscan = off SET jit = off"
ON_CASE = f"""
CREATE FUNCTION cases_count_case() RETURNS trigger LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {net((1, of_case("new_rows")))}
    ELSIF TG_OP = 'DELETE' THEN
        {net((-1, of_case("old_rows")), *[(-1, text) for text in around("old_rows")])}
    ELSIF EXISTS (SELECT FROM {changed("n", COUNTED)} x) THEN
        {
    net(
        (-1, of_case(changed("o", COUNTED))),
        (1, of_case(changed("n", COUNTED))),
        *[(-1, text) for text in around(changed("o", FILED))],
        *[(1, text) for text in around(changed("n", FILED))],
    )
}
    END IF;
    RETURN NULL;
END $$;
"""

# Whoever writes such a row holds its case, as the actions do: else the case could be filed elsewhere meanwhile. A case
# that this transaction wrote itself is held already.
HOLD = """
        PERFORM FROM cases_case WHERE id IN (SELECT case_id FROM {rows}) AND xmin <> pg_current_xact_id()::xid
            ORDER BY id FOR NO KEY UPDATE;"""
# An order that leads its case from the first: only where cases are loaded before their orders.
LED = "(SELECT c.*, {unit} AS lead_unit FROM {rows} n {old} JOIN cases_case c ON c.id = n.case_id AND c.lead_order_id = n.id {differs})"


def led(unit, rows, old="", differs=""):
    source = LED.format(unit=unit, rows=rows, old=old, differs=differs)
    more = {"unit": "c.lead_unit", "lead": ""}
    return [of_case(source, **more), *[of_child(t, source=source, **more) for t in CHILDREN if t != "cases_order"]]


def filed_anew(event):
    """Of orders: the cases that they lead are filed under their unit."""
    if event == "UPDATE":
        place = {"rows": "new_rows", "old": "JOIN old_rows o USING (id)",
                 "differs": "WHERE o.unit_id IS DISTINCT FROM n.unit_id"}  # fmt: skip
        return [*[(-1, text) for text in led("o.unit_id", **place)], *[(1, text) for text in led("n.unit_id", **place)]]
    if event == "INSERT":
        place = {"rows": "new_rows", "differs": "WHERE n.unit_id IS NOT NULL"}
        return [
            *[(-1, text) for text in led("NULL::bigint", **place)],
            *[(1, text) for text in led("n.unit_id", **place)],
        ]
    return []


def reached_again(event):
    """Of callbacks: the completed cases of whose round somebody was reached for the first time, or nobody any more."""
    rows = []
    if event != "DELETE":
        rows.append("SELECT case_id, round, 1 AS n FROM new_rows WHERE reached")
    if event != "INSERT":
        rows.append("SELECT case_id, round, -1 AS n FROM old_rows WHERE reached")
    counted = columns({"completed_called": "t.turn"})
    return f"""
        INSERT INTO cases_tallydelta ({KEYS}, {ALL})
        SELECT {day("c.completed_at")}, {DIMS}, coalesce(lo.unit_id, 0)::int, {counted}
        FROM (
            SELECT t.case_id, t.round, (now_reached > 0)::int - (now_reached - change > 0)::int AS turn
            FROM (SELECT case_id, round, sum(n) AS change FROM ({" UNION ALL ".join(rows)}) x GROUP BY 1, 2) t,
            LATERAL (SELECT count(*) AS now_reached FROM cases_callback b
                     WHERE b.case_id = t.case_id AND b.round = t.round AND b.reached) a
        ) t JOIN cases_case c ON c.id = t.case_id AND c.round = t.round {LEAD}
        WHERE t.turn <> 0 AND c.completed_at IS NOT NULL AND {COUNTS};"""


# The columns by which such a row counts; what changes nothing of them costs next to nothing.
CHANGES = {
    "cases_deadline": "{r}.case_id, {r}.clock, {r}.due_at, {r}.met_at, {r}.dropped_at, {r}.breached_at",
    "cases_order": "{r}.case_id, {r}.unit_id, {r}.sent_at, {r}.state = 'returned', {r}.handler_id IS NOT DISTINCT FROM {r}.sent_by_id",
    "cases_rating": "{r}.at, {r}.score",
    "cases_callback": "{r}.case_id, {r}.round, {r}.reached, {r}.solved, {r}.at",
}  # fmt: skip
OWN_KEY = dict.fromkeys(CHANGES, "id") | {"cases_rating": "case_id"}


def on_child(table):
    def branch(event):
        sides = {
            "INSERT": [(1, "new_rows")],
            "DELETE": [(-1, "old_rows")],
            "UPDATE": [(-1, "old_rows"), (1, "new_rows")],
        }
        parts = [(sign, of_child(table, child=rows)) for sign, rows in sides[event]]
        parts += filed_anew(event) if table == "cases_order" else []
        held = HOLD.format(rows="old_rows" if event == "DELETE" else "new_rows")
        body = held + net(*parts) + (reached_again(event) if table == "cases_callback" else "")
        clock = "clock = 'response'" if table == "cases_deadline" else "true"
        if event != "UPDATE":
            rows = "old_rows" if event == "DELETE" else "new_rows"
            return f"IF EXISTS (SELECT FROM {rows} WHERE {clock}) THEN {body} END IF;"
        before, after = CHANGES[table].format(r="o"), CHANGES[table].format(r="n")
        differ = f"SELECT FROM old_rows o JOIN new_rows n USING ({OWN_KEY[table]}) WHERE ({before}) IS DISTINCT FROM ({after})"
        differ += " AND n.clock = 'response'" if table == "cases_deadline" else ""
        return f"IF EXISTS ({differ}) THEN {body} END IF;"

    return f"""
CREATE FUNCTION {table.replace("cases_", "cases_count_")}() RETURNS trigger LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN {branch("INSERT")}
    ELSIF TG_OP = 'UPDATE' THEN {branch("UPDATE")}
    ELSE {branch("DELETE")}
    END IF;
    RETURN NULL;
END $$;
"""


def on_pause():
    """A pause that is entered or mended after the case was completed: the time it took changes."""

    def branch(event):
        columns = "id, case_id, started_at, ended_at"
        new = "" if event == "DELETE" else "WHERE id NOT IN (SELECT id FROM new_rows)"
        old = "" if event == "INSERT" else f"UNION ALL SELECT {columns} FROM old_rows"
        before = f"(SELECT {columns} FROM cases_pause {new} {old})"
        rows = "old_rows" if event == "DELETE" else "new_rows"
        done = f"(SELECT * FROM cases_case WHERE completed_at IS NOT NULL AND id IN (SELECT case_id FROM {rows}))"
        parts = net((-1, of_case(done, pauses=before)), (1, of_case(done)))
        return f"{HOLD.format(rows=rows)} IF EXISTS (SELECT FROM {done} x) THEN {parts} END IF;"

    return f"""
CREATE FUNCTION cases_count_pause() RETURNS trigger LANGUAGE plpgsql {BY_INDEX} AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN {branch("INSERT")}
    ELSIF TG_OP = 'UPDATE' THEN {branch("UPDATE")}
    ELSE {branch("DELETE")}
    END IF;
    RETURN NULL;
END $$;
"""


FUNCTIONS = {"cases_case": ON_CASE, **{table: on_child(table) for table in CHILDREN}, "cases_pause": on_pause()}
SIDES = {"insert": "NEW TABLE AS new_rows", "delete": "OLD TABLE AS old_rows",
         "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows"}  # fmt: skip


def triggers(table):
    return "".join(
        f"CREATE TRIGGER figures_{event} AFTER {event.upper()} ON {table} REFERENCING {sides} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table.replace('cases_', 'cases_count_')}();\n"
        for event, sides in SIDES.items()
    )


VIEWS = f"""
CREATE VIEW cases_contribution AS {" UNION ALL ".join([of_case("cases_case"), *around("cases_case")])};

-- The same by the very moment, of what may still lie ahead: for the day that is not over yet.
CREATE VIEW cases_contribution_ahead AS
    SELECT c.due_at AS moment, x.* FROM cases_case c {LEAD}
    CROSS JOIN LATERAL (VALUES ({OF_A_CASE[0][0]}, {
    DIMS.replace(" AS street_id", "")
    .replace(" AS total_id", "")
    .replace(" AS comprehensive_id", "")
    .replace(" AS category_id", "")
}, coalesce(lo.unit_id, 0)::int,
        {columns(OF_A_CASE[0][1])})) AS x ({KEYS}, {ALL})
    WHERE x.day IS NOT NULL
    UNION ALL
    SELECT d.due_at AS moment, {day("d.due_at")} AS day, {DIMS}, coalesce(lo.unit_id, 0)::int AS unit_id,
        {columns(CHILDREN["cases_deadline"][2])}
    FROM cases_deadline d JOIN cases_case c ON c.id = d.case_id {LEAD} WHERE {CHILDREN["cases_deadline"][0]};
"""

# An upgrade counts what stands there already.
SUMS = ", ".join(f"nullif(sum({name}), 0)" for name in MEASURES)
FILL = f"""
INSERT INTO cases_tally (span, {KEYS}, {ALL}) SELECT 'd', {KEYS}, {SUMS} FROM cases_contribution GROUP BY {KEYS};
INSERT INTO cases_tally (span, {KEYS}, {ALL})
    SELECT 'm', date_trunc('month', day), {", ".join(KEY[1:])}, {SUMS} FROM cases_tally
    WHERE span = 'd' GROUP BY date_trunc('month', day), {", ".join(KEY[1:])};
"""

FROZEN = """
CREATE FUNCTION cases_frozen_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'frozen figures are immutable: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER frozen_immutable BEFORE UPDATE OR DELETE ON cases_frozenfigures
    FOR EACH ROW EXECUTE FUNCTION cases_frozen_immutable();
"""
FORTH = "".join(FUNCTIONS.values()) + "".join(triggers(table) for table in FUNCTIONS) + VIEWS + FILL + FROZEN
BACK = (
    "DROP TRIGGER frozen_immutable ON cases_frozenfigures; DROP FUNCTION cases_frozen_immutable();"
    "DROP VIEW cases_contribution_ahead; DROP VIEW cases_contribution; TRUNCATE cases_tally, cases_tallydelta;"
    + "".join(f"DROP TRIGGER figures_{event} ON {table};" for table in FUNCTIONS for event in SIDES)
    + "".join(f"DROP FUNCTION {table.replace('cases_', 'cases_count_')}();" for table in FUNCTIONS)
)


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_figures")]
    operations = [migrations.RunSQL(FORTH, BACK)]
