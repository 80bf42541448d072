# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages as a real browser has them: somebody follows the link of a mail and types a passphrase, a program sends
somebody to sign in, and what a page's policy forbids does not happen. Speaks WebDriver with chromedriver, by hand."""

import http.client
import json
import os
import subprocess
import time
import urllib.parse

from desk import PASSPHRASE, PASSWORD, Desk, Person, free_port, ok, plan, same

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    def __init__(self, where):
        self.port = free_port()
        self.driver = subprocess.Popen(["chromedriver", "--port=%d" % self.port], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, env=dict(os.environ, HOME=where))
        end = time.time() + 60
        while True:
            try:
                if self.call("GET", "/status")["ready"]:
                    break
            except OSError:
                if time.time() > end:
                    raise SystemExit("chromedriver does not start")
                time.sleep(0.1)
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                            "--user-data-dir=" + os.path.join(where, "browser")]}
        self.session = "/session/" + self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "acceptInsecureCerts": True, "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"}}}})["sessionId"]

    def call(self, method, path, members=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        connection.request(method, path, json.dumps(members) if members is not None else None,
                           {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError("%s: %s" % (answer["error"], answer.get("message", "")[:300]))
        return answer

    def go(self, url):
        self.call("POST", self.session + "/url", {"url": url})

    def at(self):
        return self.call("GET", self.session + "/url")

    def find(self, css):
        return [e[ELEMENT] for e in self.call("POST", self.session + "/elements", {"using": "css selector", "value": css})]

    def type(self, css, text):
        self.call("POST", self.session + "/element/%s/value" % self.find(css)[0], {"text": text})

    def press(self, css):
        """Presses a button and waits until another page stands there."""
        page = self.find("html")[0]
        self.call("POST", self.session + "/element/%s/click" % self.find(css)[0], {})
        end = time.time() + 60
        while time.time() < end and self.find("html") == [page]:
            time.sleep(0.05)

    def text(self, css):
        return [self.call("GET", self.session + "/element/%s/text" % e) for e in self.find(css)]

    def run(self, script):
        return self.call("POST", self.session + "/execute/sync", {"script": script, "args": []})

    def complaints(self):
        return [e["message"] for e in self.call("POST", self.session + "/se/log", {"type": "browser"})]

    def close(self):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(30)


desk = Desk("browser")
desk.start_server()
sari = Person(desk)
sari.register()
sari.enrol()
sari.request("p256")
browser = Browser(desk.dir)
base = "https://localhost:%d" % desk.base[1]
link = base + "/passphrase/" + sari.link()

# ---- Buat Passphrase ----

browser.go(link)
same(browser.text("h1"), ["Buat Passphrase"], "the page of a link is there, in the person's language")
same([len(browser.find(css)) for css in ("form", "input[type=password]", "button", "script")], [1, 2, 1, 0], "one form, no script")
style = browser.run("return getComputedStyle(document.querySelector('button')).backgroundColor")
same(style, "rgb(11, 92, 173)", "its style is applied, which the policy names by its hash")
# What it would like forms to have is no complaint.
complaints = [c for c in browser.complaints() if "favicon" not in c and "[DOM]" not in c]
same(complaints, [], "the browser has nothing to complain about")
browser.run("var s=document.createElement('style');s.textContent='button{background:rgb(1,2,3)!important}';document.head.append(s)")
same(browser.run("return getComputedStyle(document.querySelector('button')).backgroundColor"), "rgb(11, 92, 173)",
     "a style that somebody adds is not")
browser.run("var s=document.createElement('script');s.textContent='window.caught=1';document.body.append(s);"
            "document.body.insertAdjacentHTML('beforeend','<img src=x onerror=\"window.caught=2\">')")
same(browser.run("return window.caught || 0"), 0, "a script that somebody adds does not run")
browser.type("#passphrase", PASSPHRASE)
browser.type("#again", PASSPHRASE + "x")
browser.press("button")
same((len(browser.text(".problem")), len(browser.find("form"))), (1, 1), "two that differ are asked for again")
same(browser.run("return document.querySelector('#passphrase').value"), "", "and nothing stands in the form")
browser.type("#passphrase", PASSPHRASE)
browser.type("#again", PASSPHRASE)
browser.press("button")
same((browser.text(".problem"), browser.find("form")), ([], []), "the passphrase is taken")
same(sari.post("/account/v1/certificates/list").json["certificates"][0]["state"], "ISSUE", "and the certificate issued")
browser.go(link)
same((len(browser.text(".problem")), browser.find("form")), (1, []), "the link serves once")

# ---- signing in for a program ----

program = "http://127.0.0.1:%d/jawab" % free_port()
query = {"response_type": "code", "client_id": "klien-uji", "redirect_uri": program, "scope": "service", "state": "rahasia",
         "code_challenge": "x" * 43, "code_challenge_method": "S256", "lang": "en"}
browser.go(base + "/oauth2/authorize?" + urllib.parse.urlencode(query))
ok("klien-uji" in " ".join(browser.text("p")), "the page says which program asks", browser.text("p"))
browser.type("#user", sari.user)
browser.type("#password", "salah")
browser.type("#code", "000000")
browser.press("button")
same((len(browser.text(".problem")), len(browser.find("form"))), (1, 1), "a wrong password is asked for again")
browser.type("#user", sari.user)
browser.type("#password", PASSWORD)
browser.type("#code", sari.otp.code())
try:
    browser.press("button")
except RuntimeError:
    pass  # nobody listens there: where the browser went is what counts
end = time.time() + 30
while not browser.at().startswith(program) and time.time() < end:
    time.sleep(0.1)
back = urllib.parse.urlsplit(browser.at())
answer = dict(urllib.parse.parse_qsl(back.query))
ok(browser.at().startswith(program) and answer.get("state") == "rahasia" and len(answer.get("code", "")) == 43,
   "the browser goes back to the program with a code", browser.at())
browser.close()
same(desk.stop(), 0, "the service ends when it is told to")
plan()
