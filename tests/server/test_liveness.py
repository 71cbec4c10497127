"""The process says that it lives however many forms wait for their replies."""

import asyncio
import contextlib
import threading

import anyio.to_thread
import httpx2
from fastapi import FastAPI

from askdoc.models import ContentLabels
from askdoc.server.app import create_app
from tests.server.doubles import BROWSER, FixedProvider
from tests.server.test_batching import Slow
from tests.waiting import LONG_S

FORMS = 3
"""Forms that wait; the application has one thread for what is no coroutine."""


class SlowAndLabelled(Slow):
    """Answers when it is let go, from a corpus that says nothing of itself."""

    labels = ContentLabels(1)

    def __init__(self) -> None:
        super().__init__()
        self.other_work = threading.Event()
        """What the only thread does meanwhile."""

    def close(self) -> None:
        """Let everybody go: whatever failed, no thread stays behind."""
        self.other_work.set()
        self.go.release(2 * FORMS)


def test_livez_and_readyz_answer_while_all_forms_wait() -> None:
    """Neither takes a thread of those that may all be at work, and a form that waits holds none."""
    slow = SlowAndLabelled()
    assert asyncio.run(_statuses(create_app(FixedProvider(slow)), slow)) == [200, 200, *[200] * FORMS]


async def _statuses(app: FastAPI, slow: SlowAndLabelled) -> list[int]:
    """The statuses of /livez and /readyz, asked while the only thread is at work and the forms wait; then theirs."""
    threads = anyio.to_thread.current_default_thread_limiter()
    threads.total_tokens = 1
    transport = httpx2.ASGITransport(app)
    with contextlib.closing(slow):
        work = asyncio.create_task(anyio.to_thread.run_sync(slow.other_work.wait))
        async with httpx2.AsyncClient(transport=transport, base_url="http://askdoc", timeout=LONG_S) as client:
            posts = [client.post("/", data={"question": str(number)}, headers=BROWSER) for number in range(FORMS)]
            forms = [asyncio.create_task(post) for post in posts]
            while not slow.begun.acquire(blocking=False):
                assert not any(form.done() for form in forms), "a form did not wait"
                assert not threads.statistics().tasks_waiting, "a form waits for a thread"
                await asyncio.sleep(0.01)
            asked = [asyncio.create_task(client.get(path)) for path in ("/livez", "/readyz")]
            while not all(task.done() for task in asked):
                assert not threads.statistics().tasks_waiting, "somebody waits for a thread"
                await asyncio.sleep(0.01)
            slow.close()
            await work
            return [response.status_code for response in await asyncio.gather(*asked, *forms)]
