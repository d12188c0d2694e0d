"""Whether somebody still sees the same ground: what a file was asked for under must hold when it is handed out."""

import hashlib
import json

from accounts.models import User
from grids.queries import scope_of


def scope_print(user: User) -> str:
    """Equal while USER sees the same ground in the same role."""
    scope = scope_of(user)
    nodes = sorted(node.pk for node in scope.nodes)
    text = json.dumps([user.role, nodes, sorted(scope.units), sorted(scope.districts)])
    return hashlib.sha256(text.encode()).hexdigest()
