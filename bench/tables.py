"""The tables of the floor. Apart from it, for whoever makes them has no Django."""

TABLES = """
    CREATE TABLE IF NOT EXISTS floor_case (id bigserial PRIMARY KEY, title text, body text, at timestamptz DEFAULT now());
    CREATE TABLE IF NOT EXISTS floor_note (id bigserial PRIMARY KEY, case_id bigint, body text, at timestamptz DEFAULT now());
"""
