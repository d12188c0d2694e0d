"""The record proves itself: the database chains each row to the one before and refuses to change or drop any."""

from django.db import migrations

CHAIN = """
CREATE FUNCTION core_record_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
    SELECT seq, hash INTO last FROM core_record
        WHERE subject_type = NEW.subject_type AND subject_id = NEW.subject_id ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last.seq, 0) + 1;
    NEW.prev := coalesce(last.hash, ''::bytea);
    NEW.hash := sha256(NEW.prev || convert_to(concat_ws(E'\\x1f',
        NEW.seq, extract(epoch FROM NEW.at), NEW.verb, NEW.actor_id, NEW.subject_type, NEW.subject_id, NEW.scope,
        NEW.data::text), 'UTF8'));
    RETURN NEW;
END $$;
CREATE TRIGGER core_record_chain BEFORE INSERT ON core_record FOR EACH ROW EXECUTE FUNCTION core_record_chain();

CREATE FUNCTION core_record_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records are immutable: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER core_record_immutable BEFORE UPDATE OR DELETE ON core_record
    FOR EACH ROW EXECUTE FUNCTION core_record_immutable();
CREATE TRIGGER core_record_no_truncate BEFORE TRUNCATE ON core_record
    FOR EACH STATEMENT EXECUTE FUNCTION core_record_immutable();
"""
UNDO = """
DROP TRIGGER core_record_no_truncate ON core_record;
DROP TRIGGER core_record_immutable ON core_record;
DROP TRIGGER core_record_chain ON core_record;
DROP FUNCTION core_record_immutable();
DROP FUNCTION core_record_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, UNDO)]
