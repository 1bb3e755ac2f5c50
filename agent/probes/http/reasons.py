"""Why a run ends that no other protocol has; what has no verdict beside it is a failed run."""

from __future__ import annotations

from agent.model import ReasonCode


class HttpReason(ReasonCode):
    """The reasons of HTTP alone."""

    BAD_STATUS = "bad_status"
    BAD_HEADER = "bad_header"
    BAD_BODY = "bad_body"
    BAD_JSON = "bad_json"
    BAD_VERSION = "bad_version"  # HTTP version not among those allowed
    TOO_MANY_REDIRECTS = "too_many_redirects"
    PROXY_FAILED = "proxy_failed"
    TLS_UNEXPECTED = "tls_unexpected"  # TLS where the module forbids it
