"""Whatever a line does to a payment, sending the same bytes again until a final word leaves one credit, in every dialect.

The line is cut, reset or stopped at any byte; requests and answers come twice, late and for each other.
"""

import asyncio
import random

import pytest

from kiosk.aggregator.tls import make_demo_authority
from kiosk.gateways import port
from kiosk.gateways.registry import DIALECTS
from tests.support.dialects import AMOUNT, CASES, OTHER, PAYMENT, Books
from tests.support.far_end import far_end
from tests.support.faulty_line import Fault, How, faulty_line
from tests.support.gateway_stories import SOON_S, ask, paid_over, play, port_of, post


async def lengths(case, folder):
    """How many bytes one payment is, both ways."""
    async with far_end(folder, case.truth(Books())) as end, faulty_line(port_of(end)) as line:
        assert isinstance(await paid_over(case, end, line.port), port.Accepted)
        return line.up_bytes, line.down_bytes


def cuts(up, down):
    """Every stretch of a conversation: before it, in the handshake, in the request, in head and body of the answer."""
    edges_up = {0, 1, 5, up - 1} | set(range(0, up, max(1, up // 24)))
    edges_down = {0, 1, 5, down - 1} | set(range(0, down, max(1, down // 24)))
    return [Fault(up=at) for at in sorted(edges_up)] + [Fault(down=at) for at in sorted(edges_down)]


@pytest.mark.parametrize("how", [How.CLOSE, How.RESET])
def test_a_line_cut_at_any_byte_neither_loses_nor_doubles(case, tmp_path, told, how):
    seen = set()

    async def story():
        up, down = await lengths(case, tmp_path)
        for cut in cuts(up, down):
            books = Books()
            async with far_end(tmp_path, case.truth(books)) as end:
                async with faulty_line(port_of(end), Fault(cut.up, cut.down, how)) as line:
                    answer = told(await paid_over(case, end, line.port))
                assert not isinstance(answer, (port.Refused, port.Retry)), cut
                if isinstance(answer, port.NotSent):
                    assert end.requests == [], cut
                if isinstance(answer, port.Accepted):
                    assert books.total == AMOUNT, cut
                seen.add((type(answer), books.total))
                assert isinstance(told(await paid_over(case, end, port_of(end))), port.Accepted), cut
                assert list(books.credits.values()) == [[AMOUNT]], cut

    play(story())
    assert {(port.NotSent, 0), (port.Unknown, 0), (port.Unknown, AMOUNT)} <= seen


@pytest.mark.parametrize("seed", range(4))
def test_a_line_that_breaks_again_and_again_leaves_one_credit(case, tmp_path, told, seed):
    """Two tasks send the same payment over the same bad line until each of them has a final word."""
    chance = random.Random(seed)

    async def story():
        up, down = await lengths(case, tmp_path)
        books = Books()

        async def until_final(end):
            for _ in range(8):
                cut = Fault(chance.randrange(2 * up), chance.randrange(2 * down), chance.choice([How.CLOSE, How.RESET]))
                async with faulty_line(port_of(end), cut) as line:
                    answer = told(await paid_over(case, end, line.port))
                assert not isinstance(answer, (port.Refused, port.Retry))
                if isinstance(answer, port.Accepted):
                    return answer
            return await paid_over(case, end, port_of(end))

        async with far_end(tmp_path, case.truth(books)) as end:
            answers = await asyncio.gather(until_final(end), until_final(end))
        assert isinstance(answers[0], port.Accepted)
        assert answers[0] == answers[1]
        assert list(books.credits.values()) == [[AMOUNT]]

    play(story())


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_line_that_stands_still_at_any_byte_is_given_up_in_time(case, tmp_path, told, direction):
    async def story():
        up, down = await lengths(case, tmp_path)
        whole = up if direction == "up" else down
        for at in (0, whole // 4, whole // 2, whole - 1):
            books = Books()
            async with far_end(tmp_path, case.truth(books)) as end:
                async with faulty_line(port_of(end), Fault(**{direction: at}, how=How.HOLD)) as line:
                    answer = told(await paid_over(case, end, line.port, SOON_S))
                assert not isinstance(answer, (port.Refused, port.Retry)), at
                assert not (isinstance(answer, port.NotSent) and end.requests), at
                assert not (isinstance(answer, port.Accepted) and books.total != AMOUNT), at
                assert isinstance(await paid_over(case, end, port_of(end)), port.Accepted), at
                assert list(books.credits.values()) == [[AMOUNT]], at

    play(story())


def test_a_request_the_network_doubles_is_credited_once(case, tmp_path, told):
    books = Books()

    async def twice(line):
        case.provider(line.request, books)
        await line.say(case.provider(line.request, books))

    assert isinstance(told(post(case, tmp_path, twice)[0]), port.Accepted)
    assert list(books.credits.values()) == [[AMOUNT]]


def test_an_answer_that_is_said_twice_is_heard_once(case, tmp_path, told):
    books = Books()

    async def twice(line):
        answer = case.provider(line.request, books)
        await line.say(answer + answer)

    assert isinstance(told(post(case, tmp_path, twice)[0]), port.Accepted)


def test_an_old_request_that_arrives_after_the_new_one_changes_nothing(case, tmp_path, told):
    books = Books()
    late = []

    async def first_is_late(line):
        late.append(line.request)
        if len(late) == 1:
            return  # kept by the network, and the line ends
        await line.say(case.provider(line.request, books))
        case.provider(late[0], books)

    async def twice(gateway):
        body = case.body(tmp_path)
        return [await gateway.post(PAYMENT, body), await gateway.post(PAYMENT, body)]

    make_demo_authority(tmp_path, ["0001"])
    (first, second), requests = ask(case, tmp_path, first_is_late, twice)
    assert isinstance(told(first), port.Unknown)
    assert isinstance(told(second), port.Accepted)
    assert requests[0] == requests[1]
    assert list(books.credits.values()) == [[AMOUNT]]


def test_answers_that_change_places_are_not_taken_for_each_other(case, tmp_path, told):
    """A far end that mixes its answers up, between two payments at once: nobody hears a final word about the other's."""
    if not DIALECTS[case.name].capabilities.echoes_sum:
        pytest.skip("this dialect's answers name no payment; its capabilities say so")
    books = Books()

    async def story():
        waiting = []

        async def swapped(line):
            met = asyncio.get_running_loop().create_future()
            waiting.append((line, met))
            if len(waiting) == 2:
                (one, met_one), (two, met_two) = waiting
                await one.say(case.provider(two.request, books))
                await two.say(case.provider(one.request, books))
                met_one.set_result(None)
                met_two.set_result(None)
            await met

        async with far_end(tmp_path, swapped) as end:
            gateway = case.open(end.url, end.folder)
            bodies = {payment: case.body(tmp_path, payment) for payment in (PAYMENT, OTHER)}
            answers = await asyncio.gather(*(gateway.post(payment, body) for payment, body in bodies.items()))
            await gateway.close()
        async with far_end(tmp_path, case.truth(books)) as end:
            gateway = case.open(end.url, end.folder)
            final = [await gateway.post(payment, body) for payment, body in bodies.items()]
            await gateway.close()
        return answers, final

    answers, final = play(story())
    assert all(isinstance(told(answer), port.Unknown) for answer in answers)
    assert all(isinstance(told(answer), port.Accepted) for answer in final)
    assert sorted(books.credits.values()) == [[AMOUNT], [AMOUNT]]


def test_another_sum_than_was_sent_is_never_accepted(case, tmp_path, told):
    """The far end knows the id with another sum, as one provider in the wild did."""
    if not DIALECTS[case.name].capabilities.echoes_sum:
        pytest.skip("this dialect's answers name no sum; its capabilities say so")
    books = Books()
    make_demo_authority(tmp_path, ["0001"])
    cheaper = case.body(tmp_path, amount_minor=100)

    async def behave(line):
        await line.say(case.provider(line.request.replace(case.body(tmp_path), cheaper), books))

    assert isinstance(told(post(case, tmp_path, behave)[0]), port.Unknown)


def test_a_body_of_another_dialect_is_not_sent(case, tmp_path, told):
    make_demo_authority(tmp_path, ["0001"])
    for other in CASES.values():
        if other is case:
            continue
        foreign = other.body(tmp_path)
        answer, heard = ask(
            case, tmp_path, case.truth(Books()), lambda gateway, foreign=foreign: gateway.post(PAYMENT, foreign)
        )
        assert isinstance(told(answer), port.Unknown)
        assert heard == []


def test_a_body_under_another_id_is_not_accepted(case, tmp_path, told):
    make_demo_authority(tmp_path, ["0001"])
    body = case.body(tmp_path)
    answer, _ = ask(case, tmp_path, case.truth(Books()), lambda gateway: gateway.post(OTHER, body))
    assert isinstance(told(answer), port.Unknown)
