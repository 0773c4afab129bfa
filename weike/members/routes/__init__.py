"""The routes of members.

Besides what every handler may ask for they are given by name: `phone_seal`, `sms`,
`wechat_sign_in`, `member_door` (see `building.MembersKit`) and `member_figures: MemberFigures`
(entry's wiring of the contexts above, or `NoFigures()`).
"""

from litestar.handlers import HTTPRouteHandler

from weike.members.routes.console import CONSOLE_ROUTES
from weike.members.routes.levels import LEVEL_ROUTES
from weike.members.routes.me import ME_ROUTES
from weike.members.routes.privacy import PRIVACY_ROUTES
from weike.members.routes.sign_in import SIGN_IN_ROUTES
from weike.members.routes.tags import TAG_ROUTES

ROUTES: tuple[HTTPRouteHandler, ...] = (
    *SIGN_IN_ROUTES,
    *ME_ROUTES,
    *PRIVACY_ROUTES,
    *CONSOLE_ROUTES,
    *LEVEL_ROUTES,
    *TAG_ROUTES,
)

__all__ = ["ROUTES"]
