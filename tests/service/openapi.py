# SPDX-License-Identifier: GPL-3.0-or-later
"""contrib/openapi.yaml, the program's own tables and a running service say the same.

The tables: every path, member and bound of the one is in the other. The service: every operation is asked once in the
way it is described, and what comes back is what is described; then each in every way that the description forbids."""

import base64
import hashlib
import json
import os
import re
import subprocess
import urllib.parse

import yaml

from desk import PASSPHRASE, PASSWORD, Answer, Authenticator, Desk, Person, ok, plan, same

with open(os.path.join(os.environ["TOP"], "contrib", "openapi.yaml")) as f:
    API = yaml.safe_load(f)
TABLES = json.loads(subprocess.check_output([os.path.join(os.environ["BUILD"], "tests", "make", "api_tables")]))
SCHEMAS = API["components"]["schemas"]


def name_of(schema):
    return schema["$ref"].rsplit("/", 1)[1]


def plain_path(path):
    """A route takes what follows a slash; the description gives it a name."""
    return re.sub(r"\{[a-z]+\}$", "", path)


OPERATIONS = {(plain_path(path), method): operation for path, methods in API["paths"].items()
              for method, operation in methods.items()}

# ---- the tables ----

ROUTES = {(route["path"], route["method"]): route for route in TABLES["routes"]}
same(sorted(OPERATIONS), sorted(ROUTES), "the same paths and methods are described and served")


def base64_len(n):
    return (n + 2) // 3 * 4


def as_described(field):
    ref = {"$ref": "#/components/schemas/" + field["of"]} if "of" in field else None
    return {
        "text": {"type": "string", "maxLength": field["max"]},
        "secret": {"type": "string", "format": "password", "maxLength": field["max"]},
        "int": {"type": "integer", "minimum": 0},
        "bool": {"type": "boolean"},
        "time": {"type": "string", "format": "date-time"},
        "bytes": {"type": "string", "format": "byte", "maxLength": base64_len(field["max"])},
        "prose": {"type": "string", "maxLength": field["max"]},
        "texts": {"type": "array", "maxItems": field["most"], "items": {"type": "string", "maxLength": field["max"]}},
        "blobs": {"type": "array", "maxItems": field["most"],
                  "items": {"type": "string", "format": "byte", "maxLength": base64_len(field["max"])}},
        "object": ref,
        "objects": {"type": "array", "maxItems": field["most"], "items": ref},
    }[field["kind"]]


def without_description(schema):
    return {name: value for name, value in schema.items() if name != "description"}


differences = []
for name, fields in TABLES["messages"].items():
    schema = SCHEMAS.get(name, {})
    described = {member: without_description(value) for member, value in schema.get("properties", {}).items()}
    wanted = {field["name"]: as_described(field) for field in fields}
    if described != wanted or sorted(schema.get("required", [])) != sorted(f["name"] for f in fields if f["required"]):
        differences.append((name, described, wanted))
same(differences, [], "every record has the members, bounds and demands that are described")
same(sorted(SCHEMAS), sorted(TABLES["messages"]), "no other record is described")

differences = []
for key, route in ROUTES.items():
    operation = OPERATIONS.get(key, {})
    content = operation.get("requestBody", {}).get("content", {})
    found = (list(content)[0] if content else None, operation.get("x-body-max", 0))
    if found != (route["takes"], route["body_max"]):
        differences.append((key, found))
    if "in" not in route:
        continue
    security = [list(s)[0] for s in operation.get("security", [])] or ["anybody"]
    answer = operation["responses"].get(str(route["status"]), {}).get("content", {}).get("application/json", {})
    found = (name_of(content["application/json"]["schema"]), name_of(answer["schema"]) if answer else None, security)
    if found != (route["in"], route["out"], [route["who"]]):
        differences.append((key, found))
same(differences, [], "every path takes, gives and asks for what is described")

# ---- whether a value is as a schema has it ----


def faults(schema, value, where):
    if "$ref" in schema:
        return faults(SCHEMAS[name_of(schema)], value, where)
    kind = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}[schema["type"]]
    if type(value) is not kind:
        return ["%s is no %s: %r" % (where, schema["type"], value)]
    found = []
    if kind is str and len(value.encode()) > schema.get("maxLength", 1 << 30):
        found.append(where + " is too long")
    if kind is str and schema.get("format") == "date-time" and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", value):
        found.append("%s is no moment: %s" % (where, value))
    if kind is str and schema.get("format") == "byte":
        try:
            base64.b64decode(value, validate=True)
        except ValueError:
            found.append(where + " is no base64")
    if kind is int and value < schema.get("minimum", value):
        found.append(where + " is too small")
    if kind is list:
        if len(value) > schema["maxItems"]:
            found.append(where + " has too many")
        for i, item in enumerate(value):
            found += faults(schema["items"], item, "%s[%d]" % (where, i))
    if kind is dict and "properties" in schema:
        found += [where + "." + member + " is missing" for member in schema.get("required", []) if member not in value]
        for member, item in value.items():
            if member not in schema["properties"]:
                found.append(where + "." + member + " is not described")
            else:
                found += faults(schema["properties"][member], item, where + "." + member)
    return found


succeeded = set()
wrong = []


def check(method, path, answer):
    """What came back is what is described for this status; remembers what went well."""
    key = (path if (path, method) in OPERATIONS else path[:path.rindex("/") + 1], method)
    responses = OPERATIONS[key]["responses"]
    response = responses.get(str(answer.status)) or responses["default"]
    if "$ref" in response:
        response = API["components"]["responses"][name_of(response)]
    if str(answer.status) in responses and answer.status < 400:
        succeeded.add(key)
    elif answer.status < 400:
        wrong.append((key, "%d is not described" % answer.status))
    content = response.get("content", {})
    kind = (answer.headers["Content-Type"] or "").split(";")[0]
    if (kind not in content) if content else answer.body:
        wrong.append((key, answer.status, "another type: " + kind))
    elif kind == "application/json":
        wrong.extend((key, answer.status, fault) for fault in faults(content[kind]["schema"], answer.json, "body"))
    return answer


# ---- every operation, the way it is described ----

desk = Desk("server")
desk.start_server(certificate_days="20", renew_days="20")
sari = Person(desk)
_post, _ask = desk.post, desk.ask
desk.post = lambda path, members=None, token=None, **more: check("post", path, _post(path, members, token, **more))


def ask(method, path, body=None, headers=None):
    return check(method.lower(), urllib.parse.urlsplit(path).path, _ask(method, path, body, headers))


def form(path, pairs):
    return ask("POST", path, urllib.parse.urlencode(pairs), {"Content-Type": "application/x-www-form-urlencoded"})


desk.post("/account/v1/service")
sari.register()
sari.enrol()
step = desk.post("/account/v1/login", {"user": sari.user, "password": PASSWORD}).json
tokens = desk.post("/account/v1/login/code", {"ticket": step["ticket"], "device": step["devices"][0]["id"],
                                              "code": sari.otp.code()}).json
sari.token = tokens["access_token"]
sari.post("/account/v1/profile")
enrolment = sari.post("/account/v1/devices/add", {"name": "Kunci cadangan"}).json
second = Authenticator(enrolment["key"])
sari.post("/account/v1/devices/confirm", {"device": enrolment["device"], "code": second.code()})
devices = sari.post("/account/v1/devices/list").json["devices"]
# Those of one second have no order.
same(sorted(d["name"] for d in devices), ["Kunci cadangan", "Ponsel"], "both devices are listed")
sari.post("/account/v1/devices/remove", {"id": enrolment["device"]})

sari.request()
older = sari.link()
sari.post("/account/v1/certificates/link", {"id": sari.certificate})
while sari.link() == older:
    pass
ask("GET", "/passphrase/" + sari.link())
same(desk.post("/account/v1/passphrase/set", {"link": older, "passphrase": PASSPHRASE}).error, "invalid_link",
     "a newer link ends the older one")
sari.set_passphrase()
listed = sari.post("/account/v1/certificates/list").json
sari.post("/account/v1/certificates/info", {"id": sari.certificate})
sari.post("/account/v1/certificates/history", {"id": sari.certificate})
waited = sari.post("/account/v1/certificates/wait", {"change": 0, "seconds": 30}).json
same(waited["change"], listed["change"], "waiting for what is there already does not wait")
sari.post("/account/v1/passphrase/change", {"id": sari.certificate, "current": PASSPHRASE, "passphrase": PASSPHRASE + "!"})

digest = base64.b64encode(hashlib.sha256(b"surat").digest()).decode()
ALGORITHM = "2.16.840.1.101.3.4.2.1"
desk.post("/csc/v2/info")
sari.post("/csc/v2/credentials/list", {"credentialInfo": True, "certificates": "chain", "certInfo": True, "authInfo": True})
sari.post("/csc/v2/credentials/info", {"credentialID": sari.certificate, "certInfo": True, "authInfo": True})
sad = sari.post("/csc/v2/credentials/authorize", {
    "credentialID": sari.certificate, "numSignatures": 1, "hashes": [digest], "hashAlgorithmOID": ALGORITHM,
    "authData": [{"id": "passphrase", "value": PASSPHRASE + "!"}]}).json["SAD"]
sad = sari.post("/csc/v2/credentials/extendTransaction", {"credentialID": sari.certificate, "SAD": sad, "hashes": [digest],
                                                          "hashAlgorithmOID": ALGORITHM}).json["SAD"]
sari.post("/csc/v2/signatures/signHash", {"credentialID": sari.certificate, "SAD": sad, "hashes": [digest],
                                          "hashAlgorithmOID": ALGORITHM, "signAlgo": "1.2.840.113549.1.1.1"})
sari.post("/csc/v2/signatures/timestamp", {"hash": digest, "hashAlgo": ALGORITHM})

sari.post("/account/v1/certificates/renew", {"id": sari.certificate,
                                             "terms_version": desk.post("/account/v1/terms").json["version"]})
sari.post("/account/v1/certificates/revoke", {"id": sari.certificate, "reason": "superseded"})

challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).rstrip(b"=").decode()
query = {"response_type": "code", "client_id": "uji", "redirect_uri": "http://127.0.0.1:1/", "scope": "service", "state": "s",
         "code_challenge": challenge, "code_challenge_method": "S256"}
ask("GET", "/oauth2/authorize?" + urllib.parse.urlencode(query))
back = form("/oauth2/authorize", dict(query, user=sari.user, password=PASSWORD, code=sari.otp.code()))
code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back.headers["Location"]).query))["code"]
oauth = form("/oauth2/token", {"grant_type": "authorization_code", "code": code, "client_id": "uji",
                               "redirect_uri": "http://127.0.0.1:1/", "code_verifier": "v" * 43}).json
form("/oauth2/revoke", {"token": oauth["access_token"]})
ask("GET", "/.well-known/oauth-authorization-server")

for path in ("/pki/issuing.crt", "/pki/root.crt", "/pki/issuing.crl", "/pki/root.crl", "/health"):
    ask("GET", path)
for name in ("root", "issuing"):
    with open(desk.file(name + ".crt"), "wb") as f:
        f.write(_ask("GET", "/pki/%s.crt" % name).body)
    subprocess.run(["openssl", "x509", "-inform", "DER", "-in", desk.file(name + ".crt"), "-out", desk.file(name + ".pem")])
subprocess.run(["openssl", "ocsp", "-issuer", desk.file("root.pem"), "-cert", desk.file("issuing.pem"), "-reqout",
                desk.file("ocsp"), "-no_nonce"], check=True, capture_output=True)
request = open(desk.file("ocsp"), "rb").read()
posted = ask("POST", "/pki/ocsp", request, {"Content-Type": "application/ocsp-request"})
got = ask("GET", "/pki/ocsp/" + urllib.parse.quote(base64.b64encode(request).decode(), safe=""))
ok(posted.body[:1] == got.body[:1] == b"0", "OCSP answers by POST and by GET")
subprocess.run(["openssl", "ts", "-query", "-digest", hashlib.sha256(b"surat").hexdigest(), "-sha256", "-out",
                desk.file("query")], check=True, capture_output=True)
ask("POST", "/pki/tsa", open(desk.file("query"), "rb").read(), {"Content-Type": "application/timestamp-query"})

# An imported key, and the page that spends a link, are another person's.
budi = Person(desk, 2)
budi.register()
budi.enrol()
subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-days", "30", "-subj", "/CN=Budi Contoh",
                "-addext", "keyUsage=critical,digitalSignature,nonRepudiation", "-keyout", desk.file("k.pem"), "-out",
                desk.file("c.pem")], check=True, capture_output=True)
subprocess.run(["openssl", "pkcs12", "-export", "-in", desk.file("c.pem"), "-inkey", desk.file("k.pem"), "-passout",
                "pass:berkas", "-out", desk.file("k.p12")], check=True, capture_output=True)
p12 = base64.b64encode(open(desk.file("k.p12"), "rb").read()).decode()
imported = budi.post("/account/v1/certificates/import", {"p12": p12, "p12_password": "berkas", "passphrase": PASSPHRASE})
same(imported.status, 201, "a key of another authority is imported")
ani = Person(desk, 3)
ani.register()
ani.enrol()
ani.request("p256")
page = form("/passphrase/" + ani.link(), {"passphrase": PASSPHRASE, "again": PASSPHRASE})
same((page.status, ani.post("/account/v1/certificates/list").json["certificates"][0]["state"]), (200, "ISSUE"),
     "the page sets a passphrase")
sari.post("/account/v1/password/change", {"current": PASSWORD, "password": PASSWORD + "!"})

# ---- and every way that the description forbids ----

GOOD = {"string": "a", "integer": 1, "boolean": True, "array": []}
BAD = {"string": 7, "integer": "7", "boolean": "ya", "array": {}, "object": []}


def example(schema):
    if "$ref" in schema:
        schema = SCHEMAS[name_of(schema)]
    if schema["type"] == "object":
        return {member: example(schema["properties"][member]) for member in schema.get("required", [])}
    if schema.get("format") == "byte":
        return "YQ=="
    return GOOD[schema["type"]]


not_refused = []


def must_refuse(key, what, answer, status, error):
    check(key[1], key[0], answer)
    if answer.status != status or answer.error != error:
        not_refused.append((key, what, answer))


forbidden = 0
for key, route in ROUTES.items():
    if "in" not in route:
        continue
    path = key[0]
    token = sari.token if route["who"] != "anybody" else None
    schema = SCHEMAS[route["in"]]
    whole = example(schema)
    tries = [("broken", '{"a":', 400), ("no object", "[1]", 400), ("nothing", "", 400), ("twice", '{"a":1,"a":2}', 400),
             ("deep", "[" * 500, 400), ("no UTF-8", b'{"a":"\xff"}', 400)]
    for member, value in schema.get("properties", {}).items():
        kind = value.get("type", "object")
        if member in schema.get("required", []):
            tries.append((member + " missing", json.dumps({k: v for k, v in whole.items() if k != member}), 400))
        tries.append((member + " of another kind", json.dumps(dict(whole, **{member: BAD[kind]})), 400))
        if kind == "string" and value.get("maxLength", 1 << 30) < route["body_max"] // 2:
            tries.append((member + " too long", json.dumps(dict(whole, **{member: "a" * (value["maxLength"] + 4)})), 400))
        if kind == "string":
            tries.append((member + " with a control character", json.dumps(dict(whole, **{member: "a\n\x00"})), 400))
    connection = desk.connection()
    for what, body, status in tries:
        # A secret may be any text; what it is worth is seen later.
        secret = schema.get("properties", {}).get(what.split(" ")[0], {}).get("format") == "password"
        if secret and what.endswith("control character"):
            body = body.replace("\\n", "\\u0000")
        must_refuse(key, what, _post(path, raw=body, token=token, connection=connection), status, "invalid_request")
    forbidden += len(tries) + 4
    headers = {"Content-Type": "application/json"}
    if token is not None:
        must_refuse(key, "no token", _post(path, whole), 401, "invalid_token")
        must_refuse(key, "a token of nobody", _post(path, whole, "x" * 43), 401, "invalid_token")
        headers["Authorization"] = "Bearer " + token
        forbidden += 2
    must_refuse(key, "too large", _ask("POST", path, b" " * (route["body_max"] + 1), headers), 413, "too_large")
    must_refuse(key, "another type", _ask("POST", path, "{}", dict(headers, **{"Content-Type": "text/plain"})), 415,
                "unsupported_media_type")
    answer = _ask("GET", path, None, headers)
    if answer.status != 405 or answer.headers["Allow"] != "POST":
        not_refused.append((key, "GET", answer))
    answer = _ask("POST", path + "/lagi", "{}", headers)
    if answer.status != 404 or answer.error != "not_found":
        not_refused.append((key, "a path below", answer))
ok(forbidden > 500, "%d requests are made that the description forbids" % forbidden, forbidden)
same(not_refused[:20], [], "every one of them is refused as it should be")
same(desk.ask("GET", "/health").status, 200, "and the service is well after it")

sari.post("/account/v1/logout-all")
same(sari.post("/account/v1/profile").status, 401, "after signing out everywhere the token opens nothing")
same(desk.stop(), 0, "the service ends when it is told to")

# ---- what only the embedded mode has ----

desk = Desk("embedded")
desk.start_embedded()
_post = desk.post
desk.post = lambda path, members=None, token=None, **more: check("post", path, _post(path, members, token, **more))
wati = Person(desk, 4)
wati.register()
wati.enrol()
wati.request("p256")
wati.link()
mails = wati.post("/account/v1/mailbox/list").json["mails"]
ok(any(mail.get("link", "").endswith(wati.link()) for mail in mails), "the mailbox has the letter with its link", mails)
same(wati.set_passphrase([m["link"] for m in mails if "link" in m][0]).status, 200, "a whole link is taken as well")
desk.stop()

same(sorted(set(OPERATIONS) - succeeded), [], "every operation was seen to work")
same(wrong[:20], [], "and everything that came back is as it is described")
plan()
