"""A connection to a public address, and to no other: what a volunteer types must not lead us into our own network.

The address that was judged is the one connected to, so that a name cannot point elsewhere a moment later.
"""

import ipaddress
import socket

from django.conf import settings

from groups.links.models import Trouble

_WEB_PORTS = (80, 443)
_LOWEST_FREE_PORT = 1024
"""Below it, but for the web's own ports, stand mail and other services that no website is on; browsers refuse them too."""


class ReachError(Exception):
    """trouble: why."""

    def __init__(self, trouble: Trouble):
        super().__init__(trouble.value)
        self.trouble = trouble


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """A connected socket. timeout: seconds for each step of it, from then on.

    Raises:
        ReachError: the name is unknown, or one of its addresses is not public.
        OSError: it does not answer.
    """
    if port not in _WEB_PORTS and port < _LOWEST_FREE_PORT:
        raise ReachError(Trouble.NOT_PUBLIC)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise ReachError(Trouble.NO_NAME) from error
    if not all(may_reach(str(where[0])) for *_kind, where in found):
        raise ReachError(Trouble.NOT_PUBLIC)
    problem = OSError("no address")
    for family, kind, protocol, _name, where in found[:2]:
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(timeout)
        try:
            sock.connect(where)
        except OSError as error:
            sock.close()
            problem = error
        else:
            return sock
    raise problem


def may_reach(address: str) -> bool:
    """Whether an IP address is out on the internet. WAYMARK_LINKS_MAY_REACH names exceptions, for tests."""
    if address in settings.WAYMARK_LINKS_MAY_REACH:
        return True
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in _NAT64
    ):
        return False  # an IPv4 address in disguise
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
