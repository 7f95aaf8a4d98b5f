"""A real browser, spoken to over a pipe in its own protocol (Chrome DevTools): what a reader would do, a test does."""

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import F_DUPFD, fcntl
from pathlib import Path
from select import select
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FOUND = next((path for path in map(shutil.which, NAMES) if path), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--force-color-profile=srgb", "--remote-debugging-pipe",
)  # fmt: skip
PATIENCE = 60.0  # seconds for one reply: the machine may be busy
LAUNCH = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); os.execv(sys.argv[3], sys.argv[3:])"
)


class Page:
    """One page, as its reader has it."""

    def __init__(self, to: int, back: int) -> None:
        self._to, self._back = to, back
        self._read = b""
        self._sent = 0
        self._session = ""
        self.complaints: list[str] = []
        """Errors on the console, exceptions, and what the browser itself says of the page."""
        self.requests: list[str] = []
        """All that it asked for."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command of the protocol, and its result."""
        self._sent += 1
        told = {"id": self._sent, "method": method, "params": parameters}
        told |= {"sessionId": self._session} if self._session else {}
        os.write(self._to, json.dumps(told).encode() + b"\0")
        while True:
            message = self._message()
            if message.get("id") == self._sent:
                assert "error" not in message, message["error"]
                return dict(message["result"])
            self._note(message)

    def open(self, path: Path, width: int = 1400, height: int = 1000, dark: bool = False) -> None:
        """Open a file on a screen of this size, and wait until it is there."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 700
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.ask("Page.navigate", url=path.as_uri())
        while not self.js(
            f"location.href.startsWith({json.dumps(path.as_uri())}) && document.readyState == 'complete'"
        ):
            pass
        self.settle()

    def js(self, expression: str) -> Any:
        """The value of an expression on the page."""
        told = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def settle(self) -> None:
        """Wait until what was begun is drawn."""
        self.js("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))")

    def click(self, selector: str) -> None:
        """Click on the middle of the first element that the selector finds, with the mouse."""
        box = f"document.querySelector({json.dumps(selector)})"
        self.js(f"{box}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        self.settle()
        x, y = self.js(
            f"(() => {{ const r = {box}.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] }})()"
        )
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.settle()

    def type(self, text: str) -> None:
        self.ask("Input.insertText", text=text)
        self.settle()

    def press(self, key: str) -> None:
        """A key: Tab, Enter, or a character."""
        codes = {"Tab": 9, "Enter": 13}
        text = {"Enter": "\r", "Tab": ""}.get(key, key)
        how = {"key": key, "code": key, "windowsVirtualKeyCode": codes.get(key, ord(key[0])), "text": text}
        self.ask("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **how)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **how)
        self.settle()

    def picture(self, to: Path, whole: bool = False) -> bytes:
        """What is seen, or the whole page, as a PNG."""
        clip: dict[str, Any] = {}
        if whole:
            width, height = self.js("[innerWidth, document.documentElement.scrollHeight]")
            clip = {"clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}}
        told = self.ask("Page.captureScreenshot", captureBeyondViewport=whole, **clip)
        to.write_bytes(base64.b64decode(told["data"]))
        return to.read_bytes()

    def printed(self) -> bytes:
        """The page as a PDF."""
        return base64.b64decode(self.ask("Page.printToPDF")["data"])

    def _message(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            ready, _, _ = select([self._back], [], [], PATIENCE)
            part = os.read(self._back, 1 << 20) if ready else b""
            assert part, "the browser says nothing"
            self._read += part
        message, _, self._read = self._read.partition(b"\0")
        return dict(json.loads(message))

    def _note(self, message: dict[str, Any]) -> None:
        told = message.get("params", {})
        match message.get("method"):
            case "Runtime.consoleAPICalled" if told["type"] in ("error", "warning", "assert"):
                self.complaints.append(json.dumps(told["args"]))
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(told["exceptionDetails"]))
            case "Log.entryAdded":
                self.complaints.append(json.dumps(told["entry"]))
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])


@contextmanager
def browser(profile: Path) -> Iterator[Page]:
    """A browser with an empty profile in the folder ``profile``, and a page of it."""
    assert FOUND, "there is no browser"
    inward, outward = os.pipe(), os.pipe()
    theirs = [fcntl(end, F_DUPFD, 10) for end in (inward[0], outward[1])]
    command = [sys.executable, "-c", LAUNCH, *map(str, theirs), FOUND, *FLAGS, f"--user-data-dir={profile}"]
    process = subprocess.Popen(command, pass_fds=theirs, stderr=subprocess.DEVNULL)
    for end in (inward[0], outward[1], *theirs):
        os.close(end)
    try:
        yield Page(inward[1], outward[0])
    finally:
        os.close(inward[1])
        os.close(outward[0])
        process.kill()
        process.wait()
