"""Follows a hashtag with python-socketio: python follow.py http://localhost:8080 cats"""

import sys

import socketio

url = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
hashtag = sys.argv[2] if len(sys.argv) > 2 else "cats"

hub = socketio.Client()  # reconnects by itself
cursor = None  # the position after what was printed: keep it, to go on there later


def subscribed(answer):
    if not answer["ok"]:
        print(answer["error"]["message"], file=sys.stderr)
        hub.disconnect()
    else:
        print("[live]", file=sys.stderr, flush=True)


@hub.event
def connect():
    request = {"filter": {"hashtag": [hashtag]}}
    if cursor is not None:
        request["cursor"] = cursor
    hub.emit("subscribe", request, callback=subscribed)


@hub.event
def posts(frame):
    global cursor
    for event in frame["events"]:
        data = event["data"]
        if event["type"] == "delete":
            print("delete", data["uri"], flush=True)
        else:
            print(f"{event['type']} {data['account']['acct']}: {data['hub']['text']}", flush=True)
    cursor = frame["cursor"]


@hub.event
def gap(data):
    print("gap", data["source"], data["from"], data["to"], flush=True)


@hub.on("error")
def error(data):
    print(data["message"], file=sys.stderr)


hub.connect(url, transports=["websocket"])
hub.wait()
