"""What tenancy refuses, one class per reason; the sentences are in `texts/`."""

from __future__ import annotations

from weike.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized


class BadLogin(Invalid):
    """3 to 64 of a–z, 0–9 and . _ @ + -."""

    code = "tenancy.bad_login"


class BadSlug(Invalid):
    """3 to 32 of a–z, 0–9 and inner hyphens, and not one of the names the product uses itself."""

    code = "tenancy.bad_slug"


class PasswordTooWeak(Invalid):
    code = "tenancy.password_too_weak"


class SlugTaken(Conflict):
    code = "tenancy.slug_taken"


class LoginTaken(Conflict):
    code = "tenancy.login_taken"


class SignInRefused(Unauthorized):
    """One answer for an unknown login, a wrong password and somebody who may no longer enter."""

    code = "tenancy.sign_in_refused"


class WrongPassword(Invalid):
    """The present password was asked for and is not this one."""

    code = "tenancy.wrong_password"


class StaffNotFound(NotFound):
    code = "tenancy.staff_not_found"


class RoleNotFound(NotFound):
    code = "tenancy.role_not_found"


class RoleIsFixed(Conflict):
    """The owner's role always grants everything."""

    code = "tenancy.role_is_fixed"


class UnknownPermission(Invalid):
    code = "tenancy.unknown_permission"


class PermissionNotHeld(Forbidden):
    """Nobody gives, or takes from somebody, a permission they do not hold themselves."""

    code = "tenancy.permission_not_held"


class LastOwner(Conflict):
    """A shop always has an owner who can sign in."""

    code = "tenancy.last_owner"


class ShopNotFound(NotFound):
    code = "tenancy.shop_not_found"
