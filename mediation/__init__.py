"""Mediation of disputes by the People's Mediation Law: committees and mediators, the file, the agreement, the volume."""
