"""How a Spark Connect client reaches a workspace: the channel, the credentials that sign each call, and what is tried
again. Nothing here keeps a secret anywhere but in memory, and nothing reads a profile.

grpc and pyspark are imported on first use: a cell that needs no Spark does not wait for them.
"""

import os
import threading
import time

# How long before its end (in seconds) a token is not used any more, and how long a new one is waited for.
MARGIN, DEADLINE = 40.0, 60.0

# Debian's bundle, with what an administrator has added to it; gRPC brings certificates of its own otherwise.
SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


class Credentials:
    """The headers that sign a call. They come from dbsh, which is asked when there are none or they are about to
    end.
    """

    def __init__(self, ask):
        """`ask(refused)` sends the request for new ones; they come through `give` or `fail`."""
        self._ask = ask
        self._changed = threading.Condition()
        self._headers = None
        self._until = 0.0
        self._is_asked = False
        self._are_refused = False
        self.problem = None

    def give(self, headers, seconds):
        """Headers that are good for so many seconds (None: for ever)."""
        with self._changed:
            self._headers = {name.lower(): value for name, value in headers.items()}
            # One that is short-lived is used for more than half of its life.
            self._until = time.monotonic() + (float("inf") if seconds is None else seconds - min(MARGIN, seconds / 4))
            self._is_asked = self._are_refused = False
            self.problem = None
            self._changed.notify_all()

    def fail(self, message):
        """There are none to be had now. The next call asks again."""
        with self._changed:
            self._headers, self._is_asked, self.problem = None, False, message
            self._changed.notify_all()

    def refuse(self, headers):
        """The service has refused these, although they had not ended."""
        with self._changed:
            if headers == self._headers:
                self._headers, self._are_refused = None, True

    def current(self):
        """Headers to sign a call with; empty when none are to be had, as `problem` says."""
        with self._changed:
            if self._headers is None or time.monotonic() > self._until:
                if not self._is_asked:
                    self._is_asked, self.problem = True, None
                    self._ask(self._are_refused)
                self._changed.wait_for(lambda: not self._is_asked, DEADLINE)
            return self._headers or {}


class Operations:
    """The operations of a session that have begun and not ended, as its calls tell."""

    def __init__(self):
        self._ids = {}
        self._lock = threading.Lock()

    def open(self):
        """Their ids, oldest first."""
        with self._lock:
            return list(self._ids)

    def called(self, method, request):
        """A call is made. The client names each operation itself, and releases it when it has all of its result."""
        with self._lock:
            if method.endswith("/ExecutePlan"):
                self._ids[request.operation_id] = None
            elif method.endswith("/ReleaseExecute") and request.HasField("release_all"):
                self._ids.pop(request.operation_id, None)


def channel_builder(settings, headers, credentials, operations):
    """The client's way to `settings["target"]`, every call with `headers` and signed with `credentials`. `operations` is
    told of the calls.
    """
    import grpc
    from pyspark.sql.connect.client import ChannelBuilder

    class Signed(grpc.AuthMetadataPlugin):
        """Called for every call, on a thread of its own."""

        def __init__(self):
            self.last = {}

        def __call__(self, context, callback):
            self.last = credentials.current()
            # Without headers the service says UNAUTHENTICATED at once. An error here would be UNAVAILABLE, which the
            # client takes for a fault of the network and tries again for ten minutes.
            callback(tuple(self.last.items()), None)

    class Calls(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
        def intercept_unary_unary(self, go_on, details, request):
            operations.called(details.method, request)
            return go_on(details, request)

        intercept_unary_stream = intercept_unary_unary

    class Workspace(ChannelBuilder):
        def __init__(self):
            super().__init__(params=headers)
            self.signed = Signed()
            self.add_interceptor(Calls())

        @property
        def host(self):
            return settings["target"]

        def toChannel(self):
            transport = (
                grpc.local_channel_credentials()
                if settings.get("plain")
                else grpc.ssl_channel_credentials(certificates(settings))
            )
            signing = grpc.metadata_call_credentials(self.signed)
            return self._secure_channel(settings["target"], grpc.composite_channel_credentials(transport, signing))

    return Workspace()


def certificates(settings):
    """The authorities to trust, as bytes; None for gRPC's own."""
    path = settings.get("roots") or os.environ.get("SSL_CERT_FILE")
    if not path and os.path.exists(SYSTEM_CERTIFICATES):
        path = SYSTEM_CERTIFICATES
    if not path:
        return None
    with open(path, "rb") as file:
        return file.read()


def use_proxy_variables():
    """gRPC reads these names in lower case only; everybody else reads both."""
    for name in ("https_proxy", "http_proxy", "no_proxy"):
        if name not in os.environ and name.upper() in os.environ:
            os.environ[name] = os.environ[name.upper()]


def retry_policies(builder, credentials, tell):
    """What the client does about a call that failed before it did anything. `tell(event, **members)` sends an event."""
    import grpc
    from pyspark.sql.connect.client.retries import DefaultPolicy, RetryPolicy

    class FreshCredentials(RetryPolicy):
        """Once more with new credentials, when the service refuses those that it was sent."""

        def __init__(self):
            super().__init__(max_retries=1, initial_backoff=0)

        def can_retry(self, error):
            if not isinstance(error, grpc.RpcError) or not is_refusal(error):
                return False
            credentials.refuse(builder.signed.last)
            return True

    class Told(DefaultPolicy):
        """Spark's own, which goes on for ten minutes; the user is told that it does."""

        last = 0.0

        def can_retry(self, error):
            again = super().can_retry(error)
            if again and time.monotonic() > self.last + 1:
                self.last = time.monotonic()
                tell("waiting", message=error.details())
            return again

    return [FreshCredentials(), Told()]


def is_refusal(error):
    """Whether a call was refused for its credentials. gRPC makes UNKNOWN "Stream removed" of HTTP's 403."""
    import grpc

    if error.code() == grpc.StatusCode.UNAUTHENTICATED:
        return True
    return error.code() == grpc.StatusCode.UNKNOWN and "Stream removed" in (error.details() or "")
