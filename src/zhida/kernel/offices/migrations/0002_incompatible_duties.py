"""Nobody holds two of maker, checker and releaser at one office at a time: held by triggers on both databases."""

from django.db import migrations

_CLASH = """EXISTS (
    SELECT 1 FROM offices_duty other
    WHERE other.account_id = NEW.account_id AND other.office_id = NEW.office_id AND other.id <> NEW.id
      AND NEW.role IN ('maker', 'checker', 'releaser') AND other.role IN ('maker', 'checker', 'releaser')
      AND other.role <> NEW.role
      AND (other.valid_to IS NULL OR other.valid_to > NEW.valid_from)
      AND (NEW.valid_to IS NULL OR NEW.valid_to > other.valid_from))"""

# Two appointments at once see each other only because each first waits for the other's transaction.
_POSTGRESQL = f"""
CREATE FUNCTION offices_duty_compatible() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(NEW.account_id || NEW.office_id));
    IF {_CLASH} THEN
        RAISE EXCEPTION 'duties_incompatible' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER offices_duty_compatible BEFORE INSERT OR UPDATE ON offices_duty
FOR EACH ROW EXECUTE FUNCTION offices_duty_compatible();
"""


def build(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(_POSTGRESQL, params=None)
        return
    for event in ("INSERT", "UPDATE"):
        editor.execute(
            f"CREATE TRIGGER offices_duty_compatible_{event.lower()} BEFORE {event} ON offices_duty "
            f"WHEN {_CLASH} BEGIN SELECT RAISE(ABORT, 'duties_incompatible'); END",
            params=None,
        )


def remove(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER offices_duty_compatible ON offices_duty")
        editor.execute("DROP FUNCTION offices_duty_compatible()")
        return
    for event in ("insert", "update"):
        editor.execute(f"DROP TRIGGER offices_duty_compatible_{event}")


class Migration(migrations.Migration):
    dependencies = [("offices", "0001_initial")]

    operations = [migrations.RunPython(build, remove)]
