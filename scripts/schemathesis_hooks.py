"""Lets the requests that schemathesis makes up reach further than the door: ids that exist, and headers that do not always refuse.

Used by scripts/schemathesis. Deterministic: what happens to a request follows from the request.
"""
import json, os, re, time, urllib.error, urllib.request, zlib

import requests
import schemathesis

BASE, TOKEN = os.environ["BASE_URL"], os.environ["TOKEN"]
UUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
COLLECTIONS = ["departures", "members", "employments", "persons", "no-rehire-flags"]
FIELDS = {"person_id": "persons", "same_as": "persons", "departure_id": "departures", "departure_ids": "departures"}
known, calls = {}, 0


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers, method=method), timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError:
        return {}


def seed():
    """A leaver who is the tester and a member, two namesakes, and a flag; what is there already stays as it is."""
    def leaver(number, name, hired, left):
        return call("POST", "/v1/departures", {
            "employee_number": number, "person": {"name": name, "birth_date": "1985-12-24"}, "reason": "relocation",
            "employment": {"hired_on": hired, "left_on": left, "employment_type": "regular"}})
    for number, hired, left in [("T-1", "2012-04-01", "2019-03-31"), ("T-2", "2021-04-01", "2025-03-31")]:
        leaver(number, "佐々木 恵", hired, left)
    departure = leaver("T-3", "試験 太郎", "2015-04-01", "2024-03-31").get("id")
    if departure:
        token = call("POST", f"/v1/departures/{departure}/invite", {}).get("invitation_token")
        call("POST", "/v1/members", {"invitation_token": token, "consents": ["contact"], "terms_version": "2026-10"})
    for person in call("GET", "/v1/persons?limit=3").get("items", []):
        call("POST", "/v1/no-rehire-flags", {
            "person_id": person["id"], "reason": "fraud_or_theft", "clause": "第5条", "evidence_ref": "議事録",
            "appeal_route": "書面", "expires_on": "2027-06-30"})


def refresh():
    for collection in COLLECTIONS:
        items = call("GET", f"/v1/{collection}?limit=500").get("items", [])
        known[collection] = [item["id"] for item in items]
    own = [item["member"]["id"] for item in call("GET", "/v1/my/data").get("memberships", [])]
    known["members"] = own * 3 + known["members"]


def pick(collection, draw):
    ids = known.get(collection) or []
    return ids[draw % len(ids)] if ids else None


def real(value, name, draw):
    """The same value with ids that exist in place of well-formed ones that do not."""
    if isinstance(value, dict):
        return {key: real(member, key, draw + 1) for key, member in value.items()}
    if isinstance(value, list):
        return [real(item, name, draw + index) for index, item in enumerate(value)]
    if isinstance(value, str) and UUID.match(value) and name in FIELDS:
        return pick(FIELDS[name], draw) or value
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    global calls
    if not known:
        seed()
    if calls % 250 == 0:
        refresh()
    calls += 1
    draw = zlib.crc32(repr((case.path, case.method, str(case.body), str(case.query), str(case.path_parameters))).encode("utf-8", "replace"))
    for name, often in [("On-Behalf-Of", 20), ("If-Match", 8), ("Idempotency-Key", 3)]:
        if case.headers and draw % often:
            case.headers.pop(name, None)
    parameters = case.path_parameters or {}
    if draw % 8 and UUID.match(str(parameters.get("id", ""))):
        collection = parameters.get("collection") or (case.path.split("/") + [""] * 3)[2]
        parameters["id"] = pick(collection, draw) or parameters["id"]
    if draw % 8 and isinstance(case.body, dict):
        case.body = real(case.body, "", draw)


@schemathesis.check
def no_server_error(ctx, response, case):
    """No answer is a server's error; one that asks for patience (503 with Retry-After) is no answer yet, and is asked for again."""
    status, patience = response.status_code, response.headers.get("retry-after")
    for _ in range(20):
        if status != 503 or not patience:
            break
        time.sleep(int(patience[0]))
        with requests.Session() as session:
            again = session.send(response.request, timeout=30)
        status, patience = again.status_code, [again.headers["Retry-After"]] if "Retry-After" in again.headers else None
    if status >= 500:
        raise AssertionError(f"answered {status}")
