"""The last thing `make run` says once all is up: where it is and who may come in."""

from pathlib import Path

LINE = "─" * 72


def banner(address: str, data: Path) -> str:
    """Addresses and accounts, Chinese and English side by side."""
    accounts = data / "accounts.txt"
    text = [
        LINE,
        "  gridgov 已启动 · everything is up",
        f"  首页 Web     {address}",
        f"  后台 Admin   {address}admin/",
        f"  接口 API     {address}api/v1/docs/",
    ]
    if accounts.exists():
        text += ["", f"  账号 Accounts ({accounts})"]
        text += [f"    {line}" for line in accounts.read_text().splitlines()]
    text += ["", "  停止 Stop: Ctrl-C", LINE]
    return "\n".join(text)
