"""One look at a website, against a real server on this machine: what counts as working, and what is never reached."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from groups.links.looking import MOST_REDIRECTS, Look, Looker
from groups.links.models import Trouble
from groups.links.reach import may_reach

WORKS = Look("", answered=True)


@pytest.fixture
def look():
    return Looker(step_seconds=2, sleep=lambda seconds: None).look


def test_head_is_enough_and_says_who_asks(site, look):
    assert look(site.at("/a?b=c#d")) == WORKS
    assert site.asked == [("HEAD", "/a?b=c")]
    assert site.agents == {"Waymark link checker (+http://127.0.0.1:8000/contact/)"}


@pytest.mark.parametrize("status", [0, 400, 404, 405, 500])
def test_get_is_asked_where_head_is_not_answered_well(site, look, status):
    assert look(site.answer("HEAD /", status)) == WORKS
    assert site.asked == [("HEAD", "/"), ("GET", "/")]


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (404, Trouble.GONE), (410, Trouble.GONE), (500, Trouble.BROKEN), (521, Trouble.BROKEN),
        (401, ""), (403, ""), (429, ""), (204, ""), (304, ""),
    ],
)  # fmt: skip
def test_what_the_answer_means(site, look, status, trouble):
    assert look(site.answer("/", status)) == Look(trouble, answered=True)


def test_hanging_up_is_no_answer(site, look):
    assert look(site.answer("/", 0)) == Look(Trouble.NO_ANSWER, answered=False)


def test_redirects_are_followed_so_far(site, look):
    for hop in range(MOST_REDIRECTS + 1):
        site.answer(f"/{hop}", 302, Location=f"{hop + 1}")
    assert look(site.at("/1")) == WORKS
    assert look(site.at("/0")) == Look(Trouble.CIRCLES, answered=True)


@pytest.mark.parametrize(
    "where",
    [
        "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://[::ffff:10.0.0.1]/",
        "http://0.0.0.0/", "http://2130706434/", "http://192.168.1.1:8080/", "http://127.0.0.2/", "//127.0.0.3/",
        "http://127.0.0.1:22/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://[broken/", "http://a:b/",
    ],
)  # fmt: skip
def test_a_redirect_never_leads_into_a_private_network(site, look, where):
    assert look(site.answer("/", 302, Location=where)) == Look(Trouble.NOT_PUBLIC, answered=True)
    assert look(where if "://" in where else f"http:{where}").trouble == Trouble.NOT_PUBLIC


def test_without_the_setting_this_very_machine_is_private_too(site, look, settings):
    settings.WAYMARK_LINKS_MAY_REACH = []
    assert look(site.at()) == Look(Trouble.NOT_PUBLIC, answered=False)
    assert site.asked == []


@contextmanager
def names(monkeypatch, *addresses, port=80):
    """Every name has these addresses. Gives the list of names that were asked for."""
    asked = []

    def resolve(host, port_asked, **kwargs):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", resolve)
        yield asked


def test_one_private_address_of_a_name_is_enough_to_stay_away(site, look, monkeypatch):
    with names(monkeypatch, "127.0.0.1", "10.0.0.1", port=site.port):
        assert look("http://evil.example/").trouble == Trouble.NOT_PUBLIC
    assert site.asked == []


def test_the_address_that_was_judged_is_the_one_connected_to(site, look, monkeypatch):
    with names(monkeypatch, "127.0.0.1", port=site.port) as asked:
        assert look("http://club.example/") == WORKS
    assert asked == ["club.example"]  # a second look-up could be told another address


def test_an_unknown_name(look, monkeypatch):
    def nobody(*args, **kwargs):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert look("http://club.example/") == Look(Trouble.NO_NAME, answered=False)


def test_names_that_cannot_be(look):
    assert look("http:///").trouble == Trouble.NOT_PUBLIC
    assert look(f"http://{'a' * 64}.example/").trouble == Trouble.NO_NAME


def test_nobody_at_home(settings, look):
    settings.WAYMARK_LINKS_MAY_REACH = ["127.0.0.1"]
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{sock.getsockname()[1]}/"
    assert look(address) == Look(Trouble.NO_ANSWER, answered=False)


def test_a_wrong_encryption_is_told_apart(site, look):
    assert look(site.at().replace("http:", "https:")) == Look(Trouble.NOT_SAFE, answered=True)


def test_a_body_without_end_is_not_read(site, look):
    site.answer("HEAD /", 405)
    began = time.monotonic()
    assert look(site.answer("GET /", -1)) == WORKS
    assert time.monotonic() - began < 2


def test_whoever_trickles_does_not_keep_us(settings):
    settings.WAYMARK_LINKS_MAY_REACH = ["127.0.0.1"]
    stop = threading.Event()

    def trickle(server):
        while not stop.is_set():
            try:
                client, _address = server.accept()
            except OSError:
                return
            with client:
                try:
                    client.sendall(b"HTTP/1.1 200 OK\r\n")
                    while not stop.wait(0.02):
                        client.sendall(b"X")
                except OSError:
                    pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=trickle, args=[server])
        thread.start()
        began = time.monotonic()
        looker = Looker(step_seconds=5, request_seconds=0.2, sleep=lambda seconds: None)
        found = looker.look(f"http://127.0.0.1:{server.getsockname()[1]}/")
        took = time.monotonic() - began
        stop.set()
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert found.trouble == Trouble.NO_ANSWER
    assert took < 3


def test_the_same_host_is_given_a_pause_and_another_is_not(site, monkeypatch):
    slept = []
    looker = Looker(step_seconds=2, sleep=slept.append, clock=lambda: 100.0)
    with names(monkeypatch, "127.0.0.1", port=site.port):
        for url in ("http://club.example/", "http://other.example/", "http://club.example/page"):
            assert looker.look(url) == WORKS
    assert slept == [1.0]


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.0.1", False), ("100.64.0.1", False),
        ("169.254.169.254", False), ("0.0.0.0", False), ("224.0.0.1", False), ("255.255.255.255", False), ("::", False),
        ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:93.184.215.14", False), ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False), ("2001:0:a00:1::", False), ("ff02::1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address, may):
    assert may_reach(address) is may
