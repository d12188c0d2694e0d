"""python -m integrations.simulator --to http://127.0.0.1:8000/exchange/city --secret … --grid … (docs/hotline.md)."""

import argparse
import random
import threading
from functools import partial

from integrations.simulator.city import City
from integrations.simulator.page import server


def main() -> None:
    parser = argparse.ArgumentParser(prog="integrations.simulator", description="A simulated city hotline.")
    parser.add_argument("--to", required=True, help="the house's address for this partner: …/exchange/<short name>")
    parser.add_argument("--secret", required=True, help="the partner's secret")
    parser.add_argument("--grid", required=True, help="code of the grid that orders are about")
    parser.add_argument("--port", type=int, default=8190, help="where callbacks come in, and where the page is")
    parser.add_argument("--orders", type=int, default=20, help="how many are sent")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between them")
    parser.add_argument("--seed", type=int, help="throw the same dice again")
    given = parser.parse_args()
    dice = random.Random(given.seed)  # noqa: S311 - nothing secret is thrown
    city = City(given.to.rstrip("/"), given.secret, given.grid, dice=dice, say=partial(print, flush=True))
    listening = server(city, given.port)
    print(f"http://127.0.0.1:{listening.server_port}/", flush=True)
    threading.Thread(target=city.play, args=(given.orders, given.pause), daemon=True).start()
    try:
        listening.serve_forever()
    except KeyboardInterrupt:
        listening.server_close()


if __name__ == "__main__":
    main()
