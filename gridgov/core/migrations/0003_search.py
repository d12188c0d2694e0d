"""The function behind Chinese search (gridgov.core.search)."""

from django.db import migrations

BIGRAMS = """
CREATE FUNCTION zh_bigrams(body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(piece, ' ' ORDER BY place, i), '') FROM (
        SELECT place, i, CASE WHEN run[1] < '㐀' THEN run[1] ELSE substr(run[1], i, 2) END AS piece
        FROM regexp_matches(lower(body), '[a-z0-9]+|[㐀-鿿]+', 'g') WITH ORDINALITY AS found(run, place),
             generate_series(1, CASE WHEN run[1] < '㐀' THEN 1 ELSE char_length(run[1]) END) AS i
    ) pieces
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_record_chain")]
    operations = [migrations.RunSQL(BIGRAMS, "DROP FUNCTION zh_bigrams(text)")]
