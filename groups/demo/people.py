"""The demo's people, one for each role. Their password is no secret: the demo is for trying out."""

from dataclasses import dataclass

from groups.demo.content import read

PASSWORD = "waymark demo"  # noqa: S105 (printed for everyone; the command runs in demo mode only)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """groups: Wagtail's groups. keeps: names of the groups they keep, with their role in each."""

    email: str
    name: str
    role: str
    superuser: bool = False
    groups: tuple[str, ...] = ()
    keeps: tuple[tuple[str, str], ...] = ()


def people() -> list[DemoPerson]:
    """In the order they are printed."""
    return [
        DemoPerson(
            email=person["email"],
            name=person["name"],
            role=person["role"],
            superuser=person.get("superuser", False),
            groups=tuple(person.get("groups", ())),
            keeps=tuple(person.get("keeps", {}).items()),
        )
        for person in read("site")["people"]
    ]
