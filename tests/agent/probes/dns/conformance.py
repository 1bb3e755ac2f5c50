"""The probe `dns` in every situation of the conformance suite."""

from __future__ import annotations

from agent.lab.listeners.dns import DnsListener
from agent.model import Reason
from agent.probes.dns.options import DnsOptions
from agent.probes.options import Transport
from tests.conformance.situations import DATAGRAMS, TRUSTED, Case, Situation, at_port, datagrams, serving, stream
from tests.pki import pki

CASES = (
    Case(
        "dns over UDP",
        "dns",
        DnsOptions("portal.example"),
        datagrams(DnsListener),
        {
            Situation.REFUSED: (Reason.REFUSED,),
            Situation.SILENT: (Reason.TIMEOUT,),
            Situation.GARBAGE: (Reason.PROTOCOL_ERROR,),
            Situation.ENDLESS: (Reason.PROTOCOL_ERROR,),
            Situation.DRIPPING: (Reason.PROTOCOL_ERROR,),
            Situation.STALLED: (Reason.PROTOCOL_ERROR,),
            Situation.NO_DESCRIPTORS: (Reason.NO_RESOURCES,),
        },
        DATAGRAMS,
    ),
    Case(
        "dns over TCP",
        "dns",
        DnsOptions("portal.example", transport=Transport.TCP),
        serving(DnsListener, at_port),
        stream(endless=(Reason.PROTOCOL_ERROR,)),  # its messages answer another query: the first one ends the run
    ),
    Case(
        "dns over TLS",
        "dns",
        DnsOptions("portal.example", transport=Transport.TLS, tls_config=TRUSTED),
        serving(lambda: DnsListener(tls=pki().good.context()), at_port),
        stream(endless=(Reason.PROTOCOL_ERROR,)),
    ),
)
