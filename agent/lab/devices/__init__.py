"""The simulated devices as data: what each says over SNMP, and how that changes. No BER and no sockets.

Numbers are those of the RFC or the vendor's MIB named beside them, written down here once more: the lab shares no
table with the probe, so that a wrong number cannot confirm itself.
"""
