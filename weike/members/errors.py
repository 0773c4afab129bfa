"""What members refuses, one class per reason; the sentences are in `texts/`."""

from __future__ import annotations

from weike.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable


class BadPhone(Invalid):
    """Not a mobile number of mainland China."""

    code = "members.bad_phone"


class CodeWrong(Invalid):
    """Wrong, expired, used or never sent: one answer for all four."""

    code = "members.code_wrong"


class CodeNotSent(Unavailable):
    code = "members.code_not_sent"


class MemberBlocked(Forbidden):
    code = "members.member_blocked"


class MemberNotFound(NotFound):
    code = "members.member_not_found"


class RegionDoesNotFit(Invalid):
    """The code of the district belongs to another province than the one named."""

    code = "members.region_does_not_fit"


class AddressNotFound(NotFound):
    code = "members.address_not_found"


class TooManyAddresses(Conflict):
    code = "members.too_many_addresses"


class LevelsUnfit(Invalid):
    """Two levels share a threshold, or a higher one gives less than a lower one."""

    code = "members.levels_unfit"


class TagNotFound(NotFound):
    code = "members.tag_not_found"


class TagNameTaken(Conflict):
    code = "members.tag_name_taken"


class TooManyTags(Conflict):
    code = "members.too_many_tags"


class TagHasRule(Conflict):
    """Its rule says who has it; nobody can be given it by hand."""

    code = "members.tag_has_rule"


class WeChatNotSetUp(Conflict):
    """The merchant has not given the app's id and secret."""

    code = "members.wechat_not_set_up"


class WeChatRefused(Invalid):
    """The code is wrong, old or used; signing in anew gives another one."""

    code = "members.wechat_refused"


class WeChatUnreachable(Unavailable):
    """Nobody knows whether the code was used up, so it is not tried again."""

    code = "members.wechat_unreachable"


class StateUnknown(Invalid):
    """The way back from WeChat does not belong to a way there from this browser."""

    code = "members.state_unknown"


class ReturnNotAllowed(Invalid):
    """The address to come back to is not one of this installation's."""

    code = "members.return_not_allowed"
