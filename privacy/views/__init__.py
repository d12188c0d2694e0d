"""The room's pages for persons concerned: at the residents' door, and on the own phone."""
