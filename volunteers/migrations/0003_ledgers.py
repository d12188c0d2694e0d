"""The ledgers hold by themselves: a line is never changed or dropped, and a balance moves with a line and by nothing else.
And the house's own rules of points, until a street has rules of its own."""

import datetime as dt
from typing import Any

from django.db import migrations

GUARD = """
CREATE FUNCTION volunteers_line_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lines of a ledger are immutable: % refused; write a reversal', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION volunteers_balance_by_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'INSERT' AND (NEW.minutes, NEW.points) = (0, 0)) OR (TG_OP = 'UPDATE' AND pg_trigger_depth() > 1) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a balance begins with nothing and moves with the lines of its ledgers' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER balance_by_lines BEFORE INSERT OR UPDATE OR DELETE ON volunteers_balance
    FOR EACH ROW EXECUTE FUNCTION volunteers_balance_by_lines();
"""
LEDGER = """
CREATE FUNCTION volunteers_{what}_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE volunteers_balance SET {what} = {what} + NEW.{what} WHERE volunteer_id = NEW.volunteer_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'volunteer % has no balance', NEW.volunteer_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER line_counts AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION volunteers_{what}_counts();
CREATE TRIGGER line_immutable BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION volunteers_line_immutable();
CREATE TRIGGER line_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION volunteers_line_immutable();
"""
LEDGERS = {"minutes": "volunteers_hoursentry", "points": "volunteers_pointsentry"}
UNDO = "DROP TRIGGER balance_by_lines ON volunteers_balance; DROP FUNCTION volunteers_balance_by_lines();" + "".join(
    f"DROP TRIGGER line_counts ON {table}; DROP TRIGGER line_immutable ON {table}; DROP TRIGGER line_no_truncate ON {table};"
    f"DROP FUNCTION volunteers_{what}_counts();"
    for what, table in LEDGERS.items()
)
# For what, points, at most a day. They are good for two years.
RULES = (("report_adopted", 2, 10), ("help_given", 2, 16), ("training_done", 2, 4), ("post_kept", 10, None))
SINCE, DAYS = dt.date(2020, 1, 1), 730


def house_rules(apps: Any, editor: Any) -> None:
    model = apps.get_model("volunteers", "PointsRule")
    given = {"effective_from": SINCE, "expire_days": DAYS}
    model.objects.bulk_create(model(what=what, points=points, day_most=most, **given) for what, points, most in RULES)


class Migration(migrations.Migration):
    dependencies = [("volunteers", "0002_looks_and_keepers")]
    operations = [
        migrations.RunSQL(
            GUARD + "".join(LEDGER.format(what=what, table=table) for what, table in LEDGERS.items()),
            UNDO + "DROP FUNCTION volunteers_line_immutable();",
        ),
        migrations.RunPython(house_rules, migrations.RunPython.noop),
    ]
