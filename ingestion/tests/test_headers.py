"""Every header in which a message was met, and how its date is read."""

from datetime import UTC, datetime

import pytest

from ingestion.exports import read_export
from ingestion.exports.headers import parse_header

NNBSP, NBSP, LRM, BOM = "\u202f", "\u00a0", "\u200e", "\ufeff"

# Header → the local time that it means.
HEADERS = {
    "3/6/18, 1:55 p.m. - ": "2018-06-03 13:55:00",  # Spanish words below: day first
    "03-06-2018, 01.55 PM - ": "2018-06-03 13:55:00",
    "13.06.18 21.25.15: ": "2018-06-13 21:25:15",
    "[06.13.18 21:25:15] ": "2018-06-13 21:25:15",
    "13.6.2018 klo 21.25.15 - ": "2018-06-13 21:25:15",
    "13. 6. 2018. 21:25:15 ": "2018-06-13 21:25:15",
    f"[3/6/18 1:55:00{NNBSP}p.{NBSP}m.] ": "2018-06-03 13:55:00",
    f"{LRM}[3/6/18 1:55:00 p. m.] ": "2018-06-03 13:55:00",
    "[2018/06/13, 21:25:15] ": "2018-06-13 21:25:15",
    "[06/2018/13, 21:25:15] ": "2018-06-13 21:25:15",
    "3/6/2018 1:55 p. m. - ": "2018-06-03 13:55:00",
    "16/11/2023 18:44 - ": "2023-11-16 18:44:00",
    "16/11/2023, 18:44 - ": "2023-11-16 18:44:00",
    "11/16/23, 18:44 - ": "2023-11-16 18:44:00",
    "23/16/11, 18:44 - ": "2023-11-16 18:44:00",
    "16.11.23. 18:44 - ": "2023-11-16 18:44:00",
    "16.11.2023. 18:44 - ": "2023-11-16 18:44:00",
    "16.11.23, 18:44 - ": "2023-11-16 18:44:00",
    "2023.11.16, 18:44 - ": "2023-11-16 18:44:00",
    "2/22/24, 12:06 - ": "2024-02-22 12:06:00",
    f"2/22/24, 12:06{NNBSP}AM - ": "2024-02-22 00:06:00",
    "30.09.14, 23:25:46 - ": "2014-09-30 23:25:46",
    "[11/04/2013, 21:56:03] ": "2013-04-11 21:56:03",
    f"{LRM}19/09/2023 22:58 - ": "2023-09-19 22:58:00",
    f"{BOM}19/09/2023 22:58 - ": "2023-09-19 22:58:00",
    "19/09/2023 22:58: ": "2023-09-19 22:58:00",
    "[29/01/2023 04:04:47] ": "2023-01-29 04:04:47",
    "[23/07/25, 12:19:18] ": "2025-07-23 12:19:18",
    "1/5/24 14:30 - ": "2024-05-01 14:30:00",
    "[14:32, 24/09/2026] ": "2026-09-24 14:32:00",
}


@pytest.mark.parametrize(("header", "local"), HEADERS.items())
def test_header(header: str, local: str) -> None:
    text = f"{header}Inés Ruiz: gracias, muy amable: adiós\r\nsegunda línea\r\n"
    (message,) = read_export(text.encode(), self_names=[], time_zone="UTC").messages
    assert f"{message.sent_at:%Y-%m-%d %H:%M:%S}" == local
    assert (message.sender_name, message.text) == ("Inés Ruiz", "gracias, muy amable: adiós\nsegunda línea")


@pytest.mark.parametrize(
    "line",
    [
        "bom dia",
        "12/05 às 14h",
        "10:30 - chego aí",
        "3/4 de xícara: misture",
        "2025-11-05 10:00:00 INFO: started",  # a log: a time without a sign behind it
        "1234/56/789, 10:00 - a: m",
        "16/11/2023 18:44",  # nothing behind the time
        " 16/11/2023 18:44 - a: m",  # quoted with a space in front
    ],
)
def test_no_header(line: str) -> None:
    assert parse_header(line) is None


def read_days(*dates: str, language: str = "") -> list[str]:
    words = {"pt": "não, obrigado", "en": "thank you", "es": "muchas gracias"}.get(language, "xyz")
    text = "\n".join(f"{date} - Kim: {words}" for date in dates)
    return [f"{message.sent_at:%Y-%m-%d}" for message in read_export(text.encode(), self_names=[], time_zone="UTC").messages]


def test_a_first_field_above_12_makes_the_whole_file_day_first() -> None:
    assert read_days("3/4/25, 1:00 PM", "14/4/25, 1:00 PM", language="en") == ["2025-04-03", "2025-04-14"]


def test_a_second_field_above_12_makes_the_whole_file_month_first() -> None:
    assert read_days("3/4/25, 13:00", "4/14/25, 13:00", language="pt") == ["2025-03-04", "2025-04-14"]


def test_dates_that_ascend_in_one_order_alone_decide() -> None:
    assert read_days("12/1/25, 13:00", "1/2/25, 13:00", "2/2/25, 13:00") == ["2025-01-12", "2025-02-01", "2025-02-02"]
    assert read_days("1/12/25, 13:00", "2/1/25, 13:00", "2/2/25, 13:00") == ["2025-01-12", "2025-02-01", "2025-02-02"]


@pytest.mark.parametrize(
    ("date", "language", "day"),
    [
        ("3/4/25, 1:00 PM", "en", "2025-03-04"),
        ("3/4/25, 13:00", "en", "2025-04-03"),
        ("3/4/25, 1:00 PM", "pt", "2025-04-03"),
        ("3/4/25, 1:00 p. m.", "es", "2025-04-03"),
        ("3/4/25, 1:00 PM", "", "2025-03-04"),
        ("3-4-2025, 1:00 PM", "", "2025-04-03"),
    ],
)
def test_where_nothing_tells_the_language_decides(date: str, language: str, day: str) -> None:
    assert read_days(date, language=language) == [day]


def test_one_broken_date_does_not_turn_the_others() -> None:
    assert read_days("14/4/25, 13:00", "4/15/25, 13:00", "16/4/25, 13:00") == ["2025-04-14", "2025-04-16"]


def test_the_order_can_be_told() -> None:
    export = read_export(b"3/4/25, 1:00 PM - Kim: thank you", self_names=[], time_zone="UTC", date_order="dmy")
    assert export.messages[0].sent_at == datetime(2025, 4, 3, 13, tzinfo=UTC)


def read_utc(text: str, *, zone: str) -> list[str]:
    return [f"{message.sent_at:%d %H:%M}" for message in read_export(text.encode(), self_names=[], time_zone=zone).messages]


def test_an_hour_that_the_clock_skipped_is_read_as_if_it_had_not_been_put_forward() -> None:
    # In São Paulo, the hour after midnight did not exist on 4 November 2018.
    text = "03/11/2018 23:50 - Kim: a\n04/11/2018 00:10 - Kim: b\n04/11/2018 01:10 - Kim: c"
    assert read_utc(text, zone="America/Sao_Paulo") == ["04 02:50", "04 03:10", "04 03:10"]


def test_an_hour_that_the_clock_showed_twice_follows_the_message_before_it() -> None:
    # In São Paulo, the hour before midnight came twice on 17 February 2018.
    text = "17/02/2018 23:20 - Kim: a\n17/02/2018 23:40 - Kim: b\n17/02/2018 23:10 - Kim: c\n18/02/2018 00:10 - Kim: d"
    assert read_utc(text, zone="America/Sao_Paulo") == ["18 01:20", "18 01:40", "18 02:10", "18 03:10"]
