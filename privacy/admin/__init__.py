"""The desk's pages about personal data, in one group of the sidebar."""

from privacy.admin import assessments, looks, requests, retention, terms

__all__ = ["assessments", "looks", "requests", "retention", "terms"]
