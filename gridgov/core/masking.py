"""How personal data looks to those who have not asked for it with a reason."""


def mask_phone(phone: str) -> str:
    """138****0001; short numbers keep their last two digits; already masked ones stay as they are."""
    if "*" in phone or not phone:
        return phone
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "*" * max(len(phone) - 2, 0) + phone[-2:]


def mask_name(name: str) -> str:
    """张*: the family name stays, so that a caller can be addressed."""
    return name[:1] + "*" * max(len(name) - 1, 0) if "*" not in name else name
