"""What trade refuses."""

from weike.kernel import Conflict, Invalid, NotFound, Unavailable


class UnknownOrder(NotFound):
    """There is no such order for whoever asks."""

    code = "trade.unknown_order"


class UnknownAddress(Invalid):
    """The address is not one of the buyer's."""

    code = "trade.unknown_address"


class DeliveryDoesNotFit(Invalid):
    """Goods that have to be carried need an address or a pick-up point."""

    code = "trade.delivery_does_not_fit"


class NotDeliveredThere(Conflict):
    """The freight template of a product leaves this region out."""

    code = "trade.not_delivered_there"


class RegionTwice(Invalid):
    """One region stands in two places of a freight template."""

    code = "trade.region_twice"


class UnknownTemplate(NotFound):
    code = "trade.unknown_template"


class DefaultTemplate(Conflict):
    """A shop keeps a default template: it is replaced by another one, not removed."""

    code = "trade.default_template"


class TooManyTemplates(Conflict):
    code = "trade.too_many_templates"


class MarginBelowZero(Conflict):
    """The order would cost the merchant more than it brings, and that is not allowed."""

    code = "trade.margin_below_zero"


class PriceChanged(Conflict):
    """The order costs another amount than the buyer saw."""

    code = "trade.price_changed"


class NoPickup(Conflict):
    """Nothing can be fetched at this point."""

    code = "trade.no_pickup"


class NotForSale(Conflict):
    """A product of the order is not on sale (any more)."""

    code = "trade.not_for_sale"


class OutOfStock(Conflict):
    """Fewer pieces are left than were asked for."""

    code = "trade.out_of_stock"


class TooManyPieces(Invalid):
    """More pieces of one SKU than one order may have."""

    code = "trade.too_many_pieces"


class NotPayable(Conflict):
    """The order is paid, cancelled or expired."""

    code = "trade.not_payable"


class NotCancellable(Conflict):
    """Only an order that is not paid can be cancelled; a paid one is refunded."""

    code = "trade.not_cancellable"


class NotShippable(Conflict):
    """The order is not waiting to be shipped."""

    code = "trade.not_shippable"


class BeingRefunded(Conflict):
    """The buyer's money is on its way back."""

    code = "trade.being_refunded"


class NotReceivable(Conflict):
    """The order is not on its way."""

    code = "trade.not_receivable"


class NotRefundable(Conflict):
    """The order is not paid, or was shipped, or is refunded."""

    code = "trade.not_refundable"


class CartFull(Conflict):
    """More different things than a cart holds."""

    code = "trade.cart_full"


class TooManyShipped(Conflict):
    """More pieces of a line than are left to ship. Facts: `title`, `left`."""

    code = "trade.too_many_shipped"


class NothingToShip(Conflict):
    """Nothing of the order is left that somebody has to carry."""

    code = "trade.nothing_to_ship"


class FetchedByBuyer(Conflict):
    """The order is fetched at a pick-up point, so no courier takes it."""

    code = "trade.fetched_by_buyer"


class UnknownParcel(NotFound):
    """There is no such parcel for whoever asks."""

    code = "trade.unknown_parcel"


class NotCorrectable(Conflict):
    """Only a parcel with a tracking number that has not arrived can get another one."""

    code = "trade.not_correctable"


class KeysShort(Conflict):
    """Fewer keys are left than were sold. Facts: `wanted`, `left`."""

    code = "trade.keys_short"


class NoKeysOfThis(Conflict):
    """Only products with card keys have keys."""

    code = "trade.no_keys_of_this"


class TooManyKeys(Invalid):
    """More keys than can be uploaded at once. Fact: `limit`."""

    code = "trade.too_many_keys"


class NotFetchable(Conflict):
    """The order is not to be fetched, or is not paid, or is over."""

    code = "trade.not_fetchable"


class UnknownPickupCode(NotFound):
    """No order of this shop has this code."""

    code = "trade.unknown_pickup_code"


class PickupCodeUsed(Conflict):
    """The goods were handed over already. Fact: `used_at`."""

    code = "trade.pickup_code_used"


class PickupCodeVoid(Conflict):
    """The order was refunded or is being refunded."""

    code = "trade.pickup_code_void"


class TrackingNotSetUp(Conflict):
    """No tracking service is set up in this shop."""

    code = "trade.tracking_not_set_up"


class TrackingRefused(Conflict):
    """The tracking service said no. Fact: `provider_code`."""

    code = "trade.tracking_refused"


class TrackingUnreachable(Unavailable):
    """The tracking service did not answer."""

    code = "trade.tracking_unreachable"


class TooManyPoints(Conflict):
    """More points than this order can take, or fewer than the shop accepts at once."""

    code = "trade.too_many_points"
