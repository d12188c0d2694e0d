"""Signing in by somebody else's word: the office's identity provider (OpenID Connect) and WeChat, behind one frame."""
