"""What the whole product knows about a person: the answers of all contexts, the lowest first."""

from weike import members
from weike.distribution.personal_data import PERSONAL_DATA as DISTRIBUTION
from weike.insight.personal_data import PERSONAL_DATA as INSIGHT
from weike.kernel.personal import PersonalRecords
from weike.ledger.personal_data import PERSONAL_DATA as LEDGER
from weike.members.personal_data import personal_data as of_members
from weike.payment.personal_data import PERSONAL_DATA as PAYMENT
from weike.sharing.personal_data import PERSONAL_DATA as SHARING
from weike.trade.personal_data import personal_data as of_trade


def personal_records(seal: members.PhoneSeal) -> PersonalRecords:
    return PersonalRecords(
        (of_members(seal), LEDGER, SHARING, PAYMENT, of_trade(seal), DISTRIBUTION, INSIGHT)
    )
