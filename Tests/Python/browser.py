"""A person with a real browser: $BROWSER of the tests. Opens the address in Chromium without a screen, by the DevTools protocol over a
pipe, and does what $BROWSER_DOES says: allow, deny, close, or forge (come with another login's answer first). The titles of the pages
that it saw go to $BROWSER_LOG, a line each."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.parse


class Browser:
    def __init__(self, program, profile):
        (to_read, self.to_write), (self.from_read, from_write) = os.pipe(), os.pipe()
        # Numbers above those that Chromium wants, so that nothing is overwritten on the way.
        ends = [os.dup2(to_read, 50), os.dup2(from_write, 51)]

        def prepare():
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        arguments = ["--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", "about:blank"]
        self.process = subprocess.Popen(
            [program, *arguments], preexec_fn=prepare, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(from_write), os.close(ends[1])
        self.buffer, self.number, self.events = b"", 0, []
        page = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)["sessionId"]
        self.call("Page.enable")

    session = None

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return answer["result"]
            self.events.append(answer.get("method"))

    def read(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.from_read, 1 << 16)
            if not piece:
                raise EOFError("the browser has ended")
            self.buffer += piece
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def loading(self, action):
        """Does something that loads a page, and waits for it. Returns the page's title."""
        self.events.clear()
        action()
        while "Page.loadEventFired" not in self.events:
            self.events.append(self.read().get("method"))
        return self.evaluate("document.title")

    def evaluate(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def go(self, url):
        return self.loading(lambda: self.call("Page.navigate", url=url))

    def click(self, selector):
        box = self.evaluate(f"(r => [r.x + r.width / 2, r.y + r.height / 2])(document.querySelector('{selector}').getBoundingClientRect())")
        place = {"x": box[0], "y": box[1], "button": "left", "clickCount": 1}

        def press():
            self.call("Input.dispatchMouseEvent", type="mousePressed", **place)
            self.call("Input.dispatchMouseEvent", type="mouseReleased", **place)

        return self.loading(press)


def main(url):
    does = os.environ.get("BROWSER_DOES", "allow")
    with open(os.environ["BROWSER_LOG"], "a", buffering=1) as log, tempfile.TemporaryDirectory() as profile:
        browser = Browser("chromium-headless-shell", profile)
        try:
            if does == "forge":
                redirect = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["redirect_uri"]
                print(browser.go(redirect + "/?code=stolen&state=forged"), file=log)
            print(browser.go(url), file=log)
            if does in ("allow", "forge"):
                print(browser.click("button[value=allow]"), file=log)
            elif does == "deny":
                print(browser.click("button[value=deny]"), file=log)
            else:
                print("closed", file=log)
        finally:
            browser.process.kill()
            browser.process.wait()


main(sys.argv[1])
