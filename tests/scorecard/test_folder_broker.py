"""The broker in a folder: half a message never stops a worker."""

import threading
from pathlib import Path

import pytest
from kombu import Connection, Consumer, Queue

from scorecard.queue import configuration

QUEUE = Queue("celery")


@pytest.fixture
def connection(tmp_path: Path):
    settings = configuration("filesystem://", tmp_path, concurrency=1)
    with Connection(settings["broker_url"], transport_options=settings["broker_transport_options"]) as opened:
        yield opened


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    return tmp_path / "queue" / "messages"


def receive(connection: Connection, count: int, limit: int = 100) -> list[str]:
    """The bodies of the next `count` messages, asking at most `limit` times."""
    bodies: list[str] = []

    def take(body: str, message) -> None:
        bodies.append(body)
        message.ack()

    with Consumer(connection, [QUEUE], callbacks=[take], accept=["json"]):
        for _ in range(limit):
            if len(bodies) >= count:
                break
            try:
                connection.drain_events(timeout=2)
            except TimeoutError:
                continue
    return bodies


def publish(connection: Connection, body: str) -> None:
    with connection.Producer() as producer:
        producer.publish(body, routing_key="celery", serializer="json")


def test_every_message_arrives(connection):
    for number in range(5):
        publish(connection, str(number))
    assert sorted(receive(connection, 5)) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("torn", ["", '{"body": "abc', "\x00\x00"])
def test_a_torn_message_is_left_out_and_the_next_one_arrives(connection, messages, torn):
    (messages / "0_torn.celery.msg").write_text(torn)
    publish(connection, "whole")
    assert receive(connection, 1) == ["whole"]
    assert list(messages.iterdir()) == []


def test_a_message_being_written_is_not_seen(connection, messages):
    (messages / "0_unfinished.celery.draft").write_text('{"body":')
    assert receive(connection, 1, limit=3) == []
    assert (messages / "0_unfinished.celery.draft").exists()


def test_a_folder_that_is_gone_is_said_as_a_broker_error(connection, messages):
    messages.rmdir()
    with pytest.raises(connection.connection_errors + connection.channel_errors, match="Cannot write"):
        publish(connection, "lost")


def test_many_senders_and_a_reader_at_once_lose_nothing(connection, tmp_path):
    settings = configuration("filesystem://", tmp_path, concurrency=1)

    def send(sender: int) -> None:
        with Connection(
            settings["broker_url"], transport_options=settings["broker_transport_options"]
        ) as own:
            for number in range(50):
                publish(own, f"{sender}-{number}")

    senders = [threading.Thread(target=send, args=(sender,)) for sender in range(4)]
    for thread in senders:
        thread.start()
    bodies = receive(connection, 200, limit=1000)
    for thread in senders:
        thread.join()
    assert sorted(bodies) == sorted(f"{sender}-{number}" for sender in range(4) for number in range(50))
