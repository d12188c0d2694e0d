"""Pages for whoever lives here, without an account."""

from door.views.follow import do_with_slip, follow, leave, mine
from door.views.home import home, privacy
from door.views.join import join
from door.views.locate import locate_grid
from door.views.near import near
from door.views.report import report

__all__ = ["do_with_slip", "follow", "home", "join", "leave", "locate_grid", "mine", "near", "privacy", "report"]
