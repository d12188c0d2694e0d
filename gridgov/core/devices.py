"""By what somebody came, in two words: enough to know the own devices by, and no fingerprint."""

_BROWSERS = (
    ("MicroMessenger", "WeChat"), ("wxwork", "WeCom"), ("DingTalk", "DingTalk"), ("Edg", "Edge"), ("OPR", "Opera"),
    ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(agent: str) -> str:
    """“Chrome, Windows” of a browser's User-Agent; '' where it says neither."""
    found = [next((name for sign, name in known if sign in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found))
