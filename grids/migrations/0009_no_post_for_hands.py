"""Administrators have nothing to do with cases (等保 三员分立): no post for them, and no hand for whoever holds one."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION grids_post_of_no_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM accounts_user WHERE id = NEW.user_id AND role IN ('system_admin', 'security_admin', 'auditor')) THEN
        RAISE EXCEPTION 'an administrator holds no post' USING ERRCODE = 'check_violation', CONSTRAINT = 'post_of_no_hand';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grids_post_of_no_hand BEFORE INSERT OR UPDATE OF user_id ON grids_post
    FOR EACH ROW EXECUTE FUNCTION grids_post_of_no_hand();

CREATE FUNCTION accounts_hand_without_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grids_post WHERE user_id = NEW.id
               AND (valid_to IS NULL OR valid_to >= (now() AT TIME ZONE 'Asia/Shanghai')::date)) THEN
        RAISE EXCEPTION 'who holds a post is no administrator' USING ERRCODE = 'check_violation', CONSTRAINT = 'hand_without_post';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_hand_without_post BEFORE UPDATE OF role ON accounts_user FOR EACH ROW
    WHEN (NEW.role IN ('system_admin', 'security_admin', 'auditor') AND NEW.role <> OLD.role)
    EXECUTE FUNCTION accounts_hand_without_post();
"""
BACK = """
DROP TRIGGER accounts_hand_without_post ON accounts_user; DROP FUNCTION accounts_hand_without_post();
DROP TRIGGER grids_post_of_no_hand ON grids_post; DROP FUNCTION grids_post_of_no_hand();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0018_signing_in"), ("grids", "0008_client_ground")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
