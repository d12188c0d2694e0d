"""Backup and restore: the database as of one moment, the files its rows name, and a manifest that both are held against."""
