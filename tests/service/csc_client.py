# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of the CSC API v2 as somebody else would write one: from the specification, with the standard library, sharing
nothing with this project's own. It reads the service's info, gets a token through the browser's way (authorisation code
with PKCE and the one page), signs, and asks for a time stamp."""

import base64
import hashlib
import html.parser
import http.client
import json
import secrets
import urllib.parse


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__("%d %s" % (status, body[:300]))
        self.status = status
        try:
            self.error = json.loads(body).get("error")
        except ValueError:
            self.error = None


class _Form(html.parser.HTMLParser):
    """What a browser makes of a page: the one form's fields."""

    def __init__(self, page):
        super().__init__()
        self.fields = {}
        self.types = {}
        self.forms = 0
        self.foreign = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms += 1
        if tag == "input":
            self.fields[attributes["name"]] = attributes.get("value", "")
            self.types[attributes["name"]] = attributes.get("type")
        if tag in ("script", "iframe", "img", "link", "object") or any(name.startswith("on") for name in attributes):
            self.foreign.append(tag)


class Client:
    def __init__(self, host, port, context, client_id="klien-uji", redirect="http://127.0.0.1:47110/jawab"):
        self.host, self.port, self.context = host, port, context
        self.client_id, self.redirect = client_id, redirect
        self.info = self.call("info", {})
        self.oauth = urllib.parse.urlsplit(self.info["oauth2"])
        self.token = None
        self.refresh_token = None

    # -- transport --

    def _request(self, method, path, body, headers):
        connection = http.client.HTTPSConnection(self.host, self.port, context=self.context, timeout=60)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response, response.read().decode()

    def call(self, method, members):
        headers = {"Content-Type": "application/json"}
        if getattr(self, "token", None):
            headers["Authorization"] = "Bearer " + self.token
        response, text = self._request("POST", "/csc/v2/" + method, json.dumps(members), headers)
        if response.status != 200:
            raise Refused(response.status, text)
        return json.loads(text)

    # -- OAuth 2.0 --

    def page(self, challenge, state, **more):
        query = {"response_type": "code", "client_id": self.client_id, "redirect_uri": self.redirect, "scope": "service",
                 "state": state, "code_challenge": challenge, "code_challenge_method": "S256", "lang": "en"}
        query.update(more)
        path = self.oauth.path + "/oauth2/authorize?" + urllib.parse.urlencode({k: v for k, v in query.items() if v})
        response, text = self._request("GET", path, None, {})
        return response, text, path

    def sign_in(self, user, password, code):
        """Returns the query that the browser is sent back with, or the page that is shown instead."""
        self.verifier = secrets.token_urlsafe(48)
        state = secrets.token_urlsafe(16)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()
        response, text, path = self.page(challenge, state)
        if response.status != 200:
            raise Refused(response.status, text)
        form = _Form(text)
        form.fields.update({"user": user, "password": password, "code": code})
        response, text = self._request("POST", path, urllib.parse.urlencode(form.fields),
                                       {"Content-Type": "application/x-www-form-urlencoded"})
        if response.status != 303:
            raise Refused(response.status, text)
        where = urllib.parse.urlsplit(response.getheader("Location"))
        answer = dict(urllib.parse.parse_qsl(where.query))
        if urllib.parse.urlunsplit(where._replace(query="")) != self.redirect or answer.get("state") != state:
            raise Refused(response.status, "sent to another place: " + response.getheader("Location"))
        return answer

    def _token(self, pairs):
        response, text = self._request("POST", self.oauth.path + "/oauth2/token", urllib.parse.urlencode(pairs),
                                       {"Content-Type": "application/x-www-form-urlencoded"})
        if response.status != 200:
            raise Refused(response.status, text)
        tokens = json.loads(text)
        self.token = tokens["access_token"]
        self.refresh_token = tokens.get("refresh_token")
        return tokens

    def redeem(self, code, **more):
        pairs = {"grant_type": "authorization_code", "code": code, "client_id": self.client_id,
                 "redirect_uri": self.redirect, "code_verifier": self.verifier}
        pairs.update(more)
        return self._token(pairs)

    def refresh(self, token=None):
        return self._token({"grant_type": "refresh_token", "refresh_token": token or self.refresh_token,
                            "client_id": self.client_id})

    def revoke(self, token):
        response, text = self._request("POST", self.oauth.path + "/oauth2/revoke",
                                       urllib.parse.urlencode({"token": token, "client_id": self.client_id}),
                                       {"Content-Type": "application/x-www-form-urlencoded"})
        return response.status

    # -- signing --

    def authorize(self, credential, digests, passphrase, algorithm="2.16.840.1.101.3.4.2.1"):
        answer = self.call("credentials/authorize", {
            "credentialID": credential, "numSignatures": len(digests), "hashAlgorithmOID": algorithm,
            "hashes": [base64.b64encode(d).decode() for d in digests],
            "authData": [{"id": "passphrase", "value": passphrase}], "clientData": "uji"})
        return answer["SAD"]

    def sign(self, credential, sad, digests, sign_algo, algorithm="2.16.840.1.101.3.4.2.1"):
        answer = self.call("signatures/signHash", {
            "credentialID": credential, "SAD": sad, "hashAlgorithmOID": algorithm, "signAlgo": sign_algo,
            "hashes": [base64.b64encode(d).decode() for d in digests]})
        return [base64.b64decode(s, validate=True) for s in answer["signatures"]]

    def extend(self, credential, sad, digests, algorithm="2.16.840.1.101.3.4.2.1"):
        return self.call("credentials/extendTransaction", {
            "credentialID": credential, "SAD": sad, "hashAlgorithmOID": algorithm,
            "hashes": [base64.b64encode(d).decode() for d in digests]})["SAD"]

    def timestamp(self, digest, nonce):
        answer = self.call("signatures/timestamp", {"hash": base64.b64encode(digest).decode(),
                                                    "hashAlgo": "2.16.840.1.101.3.4.2.1", "nonce": nonce})
        return base64.b64decode(answer["timestamp"], validate=True)
