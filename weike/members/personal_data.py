"""What members knows about a person."""

from __future__ import annotations

from uuid import UUID

from weike.kernel import Tx
from weike.kernel.personal import Holding, PersonalData
from weike.members.address_queries import addresses
from weike.members.privacy import queries
from weike.members.privacy.delete_member import erase_self
from weike.members.sealing import PhoneSeal

HOLDINGS = (
    Holding("member", "members.members", of="t.id = $2", without=("phone_cipher", "phone_hash")),
    Holding("identities", "members.identities"),
    Holding("sessions", "members.sessions", without=("token_hash",)),
    Holding("addresses", "members.addresses", without=("phone_cipher",)),
    Holding("level", "members.standings"),
    Holding("growth", "members.growth"),
    Holding("tags", "members.tagged"),
    Holding("consents", "members.consents", is_kept=True),
    Holding("requests", "members.privacy_requests", is_kept=True),
)


def personal_data(seal: PhoneSeal) -> PersonalData:
    async def in_clear(tx: Tx, member_id: UUID) -> dict[str, object]:
        phone = await queries.own_phone(tx, member_id)
        sealed = phone["phone_cipher"] if phone else None
        told: dict[str, object] = {
            "phone": [{"phone": seal.reveal(tx.tenant_id, sealed)}] if sealed else []
        }
        told["address_phones"] = [
            {"address_id": row["id"], "phone": seal.reveal(tx.tenant_id, row["phone_cipher"])}
            for row in await addresses(tx, member_id)
        ]
        return told

    return PersonalData("members", HOLDINGS, more=in_clear, erase=erase_self)
