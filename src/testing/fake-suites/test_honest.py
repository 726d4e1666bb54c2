import json
import os
import urllib.request
import warnings

URL = os.environ["LOOP_URL_HELLO"]
HEADERS = {"user-agent": os.environ["LOOP_USER_AGENT"], "traceparent": os.environ["TRACEPARENT"]}


def ask():
    with urllib.request.urlopen(urllib.request.Request(URL, headers=HEADERS), timeout=5) as answer:
        return json.load(answer)


def test_answers():
    # One warning, so that pytest prints its summary with the address of its own pages.
    warnings.warn("old call")
    assert ask()["status"] == "ok"


def test_greets():
    assert ask()["greeting"] == "hello"
