from hospitals.models.hospital import Hospital
from hospitals.models.membership import Membership, Role
from hospitals.models.unit import Unit, UnitKind
from hospitals.models.user import User

__all__ = ["Hospital", "Membership", "Role", "Unit", "UnitKind", "User"]
