"""stub"""


def write_history(plan, cast, count, *, start, end, seed, progress, leave=()):
    return list(range(1, len(leave) + 1))
