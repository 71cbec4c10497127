"""The load generator asks again only over connections that the server keeps, and the limit is found between rates."""

import asyncio
import time

import pytest

from benchmarks.speed.throughput import LoadGenerator, rate_at


@pytest.mark.parametrize(
    ("measured", "found"),
    [
        ([(100, 20), (200, 60), (300, 80)], 200),
        ([(200, 70), (100, 50)], 150),
        ([(100, 61), (200, 90)], None),
        ([(100, 20), (200, 59)], None),
        ([], None),
    ],
)
def test_the_rate_is_found_between_the_two_around_the_limit(
    measured: list[tuple[float, float]], found: float | None
) -> None:
    """And nowhere outside of what was measured."""
    assert rate_at(60.0, measured) == found


def test_a_connection_that_the_server_closes_is_not_used_again() -> None:
    """Every second response here asks for a new one."""
    assert asyncio.run(connections_for(requests=6)) == 3


def test_a_connection_that_was_closed_while_it_was_idle_is_not_used_again() -> None:
    """A request over it would wait for ever."""

    async def asked_after_an_idle_end() -> list[int]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"{}")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
            await writer.drain()
            writer.close()
            await writer.wait_closed()
            ended.set()

        ended = asyncio.Event()
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            load = LoadGenerator(server.sockets[0].getsockname()[1], [b"{}"])
            for number in range(2):
                await asyncio.wait_for(load.ask(number, time.perf_counter()), timeout=30)
                await ended.wait()
                ended.clear()
                while any(not connection.closed for connection in load._free):
                    await asyncio.sleep(0)
            load.close()
        return [status for status, _ in load.responses]

    assert asyncio.run(asked_after_an_idle_end()) == [200, 200]


async def connections_for(*, requests: int) -> int:
    """How many connections the load generator opens for some requests, one after another."""
    connections: list[asyncio.Task[None] | None] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(asyncio.current_task())
        for header in (b"", b"connection: close\r\n"):
            await reader.readuntil(b"{}")
            writer.write(b"HTTP/1.1 200 OK\r\n" + header + b"content-length: 2\r\n\r\n{}")
        await reader.read()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        load = LoadGenerator(server.sockets[0].getsockname()[1], [b"{}"])
        for number in range(requests):
            await load.ask(number, time.perf_counter())
        load.close()
        await asyncio.gather(*filter(None, connections))
    assert [status for status, _ in load.responses] == [200] * requests
    return len(connections)
