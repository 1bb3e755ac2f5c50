"""What answers in the district: runs inside the namespace far, prints "ready", ends with its process.

80  HTTP, one small page, connection closed         82  takes the connection and never says a word
81  TCP, says hello and closes                      83  HTTP that drips a byte a second
"""

from __future__ import annotations

import asyncio
import resource
from contextlib import suppress

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"


async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.IncompleteReadError):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(PAGE)
        await writer.drain()
    writer.close()


async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(1.0)
    await page(reader, writer)


async def hello(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 hello\r\n")
    writer.close()


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while await reader.read(4096):
            pass
    writer.close()


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        for byte in PAGE:
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(1.0)
    writer.close()


async def main() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    for port, answer in ((80, page), (81, hello), (82, silent), (83, drip), (84, slow)):
        await asyncio.start_server(answer, "0.0.0.0", port, backlog=1024)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
