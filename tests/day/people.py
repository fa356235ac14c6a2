"""Who acts: by token of their post over the API, or in a browser; each act says what it was and whether it was done."""

from __future__ import annotations

import io
import random
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
from PIL import Image

from tests.resilience.site import from_somewhere

SPOT, CASE = "E0507", "E0102"


class Refused(Exception):
    """The server did not do what was asked."""


@dataclass
class Cast:
    """Tokens by kind of post, each with the area it works in, and where the site is."""

    address: str
    tokens: dict[str, list[dict[str, str]]]
    units: list[str]
    screens: list[str] = field(default_factory=list)
    account: tuple[str, str] | None = None
    tracked: list[str] = field(default_factory=list)

    def of(self, kinds: tuple[str, ...], who: int) -> dict[str, str]:
        """Return the token of the ``who``-th of these posts."""
        every = [one for kind in kinds for one in self.tokens.get(kind, [])]
        if not every:
            raise LookupError(f"nobody is {kinds}")
        return every[who % len(every)]


DESK_POSTS = (
    "community_secretary", "street_dispatcher", "centre_dispatcher", "department_handler", "station_handler",
    "enterprise_handler", "community_worker", "street_inspector",
)  # fmt: skip
NEXT: dict[tuple[str, str], list[str]] = {}
# What a desk does with what waits: the first of these that is offered.
DOES = ("file", "dispatch", "sign", "contact", "feed_back", "verify", "arrive")


class Phone:
    """One connection to the site, kept by a thread for whoever acts through it."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast = cast
        self.web = httpx.Client(base_url=cast.address, timeout=120, headers={"Referer": cast.address})
        self.chance = random.Random(seed)
        self.photo = _photo(seed)

    def act(self, kind: str, who: int, *, photo: bool) -> None:
        """Do what ``kind`` names. Raises :class:`Refused` or ``httpx.HTTPError``."""
        getattr(self, kind.replace(" ", "_"))(who, photo=photo)

    # -- in the field --------------------------------------------------------------------------------------

    def member_settles(self, who: int, *, photo: bool) -> None:
        self._begin(self.cast.of(("grid_worker",), who), "spot", "settle", SPOT, photo=photo)

    def member_reports(self, who: int, *, photo: bool) -> None:
        self._begin(self.cast.of(("grid_worker",), who), "case", "patrol", CASE, photo=photo)

    def _begin(self, post: dict[str, str], kind: str, action: str, category: str, *, photo: bool) -> None:
        data: dict[str, Any] = {"category": category, "area": post["area"], "description": "巡查发现，楼道堆物"}
        if photo:
            sent = self._api(post, "POST", "files", files={"file": ("a.jpg", self.photo, "image/jpeg")})
            data["photos"] = [sent["id"]]
        self._api(post, "POST", "matters", json={"kind": kind, "action": action, "data": data})

    # -- residents -----------------------------------------------------------------------------------------

    def resident_reports(self, who: int, *, photo: bool) -> None:
        area = self.cast.of(("grid_worker",), who)["area"]
        self.web.cookies.clear()
        self.web.headers.update(from_somewhere())  # from a home of their own: what one network may send is limited
        self.web.get("/report/place/")
        token = self.web.cookies.get("csrftoken") or ""
        self._page("POST", "/report/place/", data={"area": area, "csrfmiddlewaretoken": token})
        form = {
            "description": f"楼下垃圾没人收，第 {who} 户", "key": str(uuid.UUID(int=self.chance.getrandbits(128))),
            "phone": f"139{who:08d}", "csrfmiddlewaretoken": token,
        }  # fmt: skip
        answer = self._page("POST", "/report/what/", data=form)
        found = re.search(r"(/t/C-\d+-\d+/[a-z0-9]+/)", answer.headers.get("location", ""))
        if found is None:
            raise Refused("the report was not taken")
        self.cast.tracked.append(found.group(1))
        self.cast.tracked = self.cast.tracked[-500:]

    def resident_looks(self, who: int, *, photo: bool) -> None:
        known = self.cast.tracked
        self._page("GET", known[who % len(known)] if known and who % 3 else "/")

    # -- at the desk ---------------------------------------------------------------------------------------

    def desk_reads(self, who: int, *, photo: bool) -> None:
        post = self.cast.of(DESK_POSTS, who)
        found = self._api(post, "GET", "matters?open=true&limit=50")
        if found["items"]:
            self._api(post, "GET", f"matters/{found['items'][0]['number']}")

    def desk_works(self, who: int, *, photo: bool) -> None:
        post = self.cast.of(DESK_POSTS, who)
        for item in self._api(post, "GET", "inbox?limit=10")["items"][:3]:
            self._next(post, item["number"])

    def _next(self, post: dict[str, str], number: str) -> None:
        """Do the next thing with a matter; one that somebody else has just done is left."""
        offers = {
            one["action"] for one in self._api(post, "GET", f"matters/{number}")["offers"] if one.get("now", True)
        }
        action = next((name for name in DOES if name in offers), None)
        if action is None:
            return
        data: dict[str, Any] = {
            "file": {"category": CASE}, "dispatch": {"lead": self.chance.choice(self.cast.units), "assistants": []},
            "contact": {"channel": "phone"}, "feed_back": {"result": "done", "reply": "已清运，楼道已恢复"},
            "verify": {"way": "on_site"},
        }.get(action, {})  # fmt: skip
        self._api(post, "POST", f"matters/{number}/actions/{action}", json={"data": data}, mild=True)

    def street_blows(self, who: int, *, photo: bool) -> None:
        post = self.cast.of(("street_dispatcher",), who)
        data = {
            "source": "03", "title": "河道污水外溢", "area": post["area"], "description": "排水管破裂，污水进河",
            "reason": "管网归排水公司，街道没有维修和执法权", "type": "regular",
        }  # fmt: skip
        self._api(post, "POST", "matters", json={"kind": "whistle", "action": "collect", "data": data})

    # -- asking --------------------------------------------------------------------------------------------

    def _api(self, post: dict[str, str], method: str, path: str, *, mild: bool = False, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {post['token']}"}
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.UUID(int=self.chance.getrandbits(128)))
        answer = self.web.request(method, f"/api/v1/{path}", headers=headers, **body)
        if answer.is_success:
            return answer.json()
        if mild and answer.status_code in {403, 404, 409, 422}:
            return {}  # somebody was faster, or it needs what only a person knows
        raise Refused(f"{method} {re.sub('[0-9A-Z]+-[0-9-]+', '…', path)}: {answer.status_code} {answer.text[:200]}")

    def _page(self, method: str, path: str, **body: Any) -> httpx.Response:
        answer = self.web.request(method, path, **body)
        if answer.status_code >= 400:
            raise Refused(f"{method} a page: {answer.status_code}")
        return answer


class Screen:
    """One of the centre's screens: signed in, asking for the wall again and again."""

    def __init__(self, cast: Cast) -> None:
        assert cast.account is not None
        self.web = httpx.Client(base_url=cast.address, timeout=120, follow_redirects=True)
        name, password = cast.account
        self.web.get("/accounts/login/")
        form = {"login": name, "password": password, "csrfmiddlewaretoken": self.web.cookies.get("csrftoken") or ""}
        self.web.post("/accounts/login/", data=form, headers={"Referer": cast.address})

    def look(self) -> None:
        """Ask for the wall. Raises :class:`Refused`."""
        answer = self.web.get("/command/")
        if answer.status_code != 200 or "/accounts/login/" in str(answer.url):
            raise Refused(f"the wall: {answer.status_code}")


def _photo(seed: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((800, 600), 40 + seed % 40).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()
