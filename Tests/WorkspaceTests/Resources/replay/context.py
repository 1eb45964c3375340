"""A stand-in for the engine's context.py: the same protocol, canned answers. The first word of a command says what is to
happen to it."""
import json
import os
import signal
import subprocess
import sys

attached = None
hanging = None
waiting = []


def send(**event):
    sys.stdout.write(json.dumps(event, separators=(",", ":")) + "\n")
    sys.stdout.flush()


def text(order, data):
    send(ev="result", id=order["id"], ms=1, canceled=False, results={"resultType": "text", "data": data})


def run(order):
    global hanging
    word, _, rest = order["code"].partition(" ")
    send(ev="running", id=order["id"])
    if word == "hang":
        hanging = order["id"]
    elif word == "deaf":
        pass  # runs for ever, and nobody can stop it
    elif word == "picture":
        send(ev="result", id=order["id"], ms=1, canceled=False,
             results={"resultType": "image", "fileName": "data:image/png;base64," + rest})
    elif word == "shows":
        names = rest.split(" ")
        results = {"resultType": "image", "fileName": names[0]} if len(names) == 1 else {
            "resultType": "images", "fileNames": names}
        send(ev="result", id=order["id"], ms=1, canceled=False, results=results)
    elif word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif word == "exit":
        os._exit(int(rest))
    elif word == "gateway":
        text(order, json.dumps(attached))
    elif word == "spawn":
        # A grandchild that would outlive everybody, in this process group; it holds this process's output open.
        text(order, str(subprocess.Popen(["sleep", "600"]).pid))
    elif word == "fail":
        send(ev="result", id=order["id"], ms=1, canceled=False,
             results={"resultType": "error", "summary": rest, "cause": "Traceback: " + rest})
    elif order["code"] == "1+1":
        text(order, "2")
    else:
        text(order, order["language"] + ":" + order["code"])


send(ev="ready", pid=os.getpid(), s=0.1)
for line in sys.stdin:
    order = json.loads(line)
    if order["op"] == "attach":
        attached = {"port": order["port"], "secret": order["secret"]}
    elif order["op"] == "exec":
        run(order)
    elif order["op"] == "cancel" and order["id"] == hanging:
        hanging = None
        send(ev="result", id=order["id"], ms=1, canceled=True,
             results={"resultType": "error", "summary": "late", "cause": "late"})
    elif order["op"] == "exit":
        break
