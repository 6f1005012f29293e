"""One example of each operation that programs call: docs/api.md is written from them, and a test runs what is written there.

`{NAME}` in a path or a body is read from the environment. `show` is Python that goes on with `told`, what was answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A call of one operation."""

    operation: tuple[str, str]  # method and path, as in the OpenAPI document below /api/v1
    title: str
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = None
    show: str = ""
    is_stream: bool = False
    ids: tuple[str, ...] = field(default=())  # what the path's parameters are called in the environment, in their order


EXAMPLES: tuple[Example, ...] = (
    Example(operation=("GET", "/me"), title="Whose key is this?", show='print(told["name"], told["role"], told["tenant"]["time_zone"])'),
    Example(
        operation=("GET", "/catalogue"),
        title="What can be asked about?",
        query=(("contact", "mariana"),),
        show='print(told["agents"], told["themes"], told["contacts"])\n'
        'for metric in told["metrics"]:\n    print(metric["name"], metric["unit"], metric["definition"])',
    ),
    Example(
        operation=("GET", "/status"), title="How much is there?", show='print(told["conversations"], told["analysed"], told["pending"])'
    ),
    Example(
        operation=("GET", "/metrics"),
        title="CSAT and conversations by agent, this month beside the last",
        query=(("metric", "csat"), ("metric", "conversations"), ("unit", "month"), ("group_by", "agent"), ("compare", "previous")),
        show='for row in told["items"]:\n    print(row["key"], row["values"]["csat"]["value"], row["values"]["csat"]["change"])\n'
        'print(told["coverage"]["text"])',
    ),
    Example(
        operation=("GET", "/themes"),
        title="What do customers complain about?",
        query=(("start", "2026-11-01"), ("end", "2026-11-30"), ("satisfaction_max", "2")),
        show='for theme in told["items"]:\n    print(theme["theme"], theme["conversations"], theme["share"])',
    ),
    Example(
        operation=("GET", "/summaries"),
        title="An agent's week in brief",
        query=(("unit", "week"), ("agent", "Ana Souza")),
        show='print(told["text"])\nprint(told["figures"]["satisfaction"])',
    ),
    Example(
        operation=("GET", "/messages/search"),
        title="Messages about a late order, the unhappy ones",
        query=(("q", "pedido atrasado"), ("sentiment", "negative"), ("start", "2026-11-01"), ("end", "2026-11-30"), ("limit", "20")),
        show='for message in told["items"]:\n    print(message["sent_at"], message["contact"], message["text"])',
    ),
    Example(
        operation=("GET", "/conversations"),
        title="Every conversation that waits for a reply, by pages",
        query=(("status", "unanswered"), ("unit", "month"), ("limit", "50"), ("offset", "0")),
        show='for row in told["items"]:\n    print(row["conversation_id"], row["contact"], row["excerpt"])\nprint(told["count"])',
    ),
    Example(
        operation=("GET", "/conversations/{conversation_id}"),
        title="One conversation, whole",
        ids=("CONVERSATION_ID",),
        show='for message in told["messages"]:\n    print(message["author"], message["text"])',
    ),
    Example(
        operation=("GET", "/conversations/{conversation_id}/summary"),
        title="One conversation in brief",
        query=(("language", "en"),),
        ids=("CONVERSATION_ID",),
        show='print(told["text"])',
    ),
    Example(
        operation=("POST", "/conversations/{conversation_id}/correction"),
        title="Disagree with a score",
        ids=("CONVERSATION_ID",),
        body={"satisfaction": 4, "comment": "ligou e agradeceu"},
        show='print(told["satisfaction"], told["machine"]["satisfaction"])',
    ),
    Example(operation=("DELETE", "/conversations/{conversation_id}/correction"), title="Take a correction back", ids=("CONVERSATION_ID",)),
    Example(
        operation=("POST", "/ask"),
        title="Ask a question",
        body={"question": "Como está a satisfação nos últimos 30 dias, por atendente?"},
        show='print(told["text"])\nprint(told["thread_id"], told["turn_id"])',
    ),
    Example(
        operation=("POST", "/ask/stream"),
        title="Follow a question up, and get the answer as it comes",
        body={"question": "e na semana passada?", "thread_id": "{THREAD_ID}"},
        is_stream=True,
    ),
    Example(operation=("GET", "/suggestions"), title="Questions to begin with", show='for question in told["items"]:\n    print(question)'),
    Example(
        operation=("GET", "/threads"),
        title="Your threads, by pages",
        query=(("limit", "20"), ("offset", "0")),
        show='for thread in told["items"]:\n    print(thread["id"], thread["title"], thread["turns"])\nprint(told["count"])',
    ),
    Example(
        operation=("GET", "/threads/{thread_id}"),
        title="A thread with its answers",
        ids=("THREAD_ID",),
        show='for turn in told["turns"]:\n    print(turn["question"], turn["status"])',
    ),
    Example(
        operation=("PATCH", "/threads/{thread_id}"), title="Rename a thread", ids=("THREAD_ID",), body={"title": "Satisfação de novembro"}
    ),
    Example(
        operation=("PUT", "/turns/{turn_id}/feedback"),
        title="Judge an answer",
        ids=("TURN_ID",),
        body={"is_good": False, "reason": "incomplete", "comment": "faltou o canal"},
    ),
    Example(
        operation=("GET", "/feedback"),
        title="What people say of answers",
        query=(("is_good", "false"),),
        show='for given in told["items"]:\n    print(given["question"], given["comment"])',
    ),
    Example(operation=("DELETE", "/turns/{turn_id}/feedback"), title="Take a judgement back", ids=("TURN_ID",)),
    Example(
        operation=("POST", "/verified-questions"),
        title="Vouch for an answer's plan",
        body={"turn_id": "{TURN_ID}"},
        show='print(told["id"], told["question"])',
    ),
    Example(
        operation=("GET", "/verified-questions"),
        title="The questions that are vouched for",
        show='for verified in told["items"]:\n    print(verified["id"], verified["question"])',
    ),
    Example(operation=("DELETE", "/verified-questions/{verified_id}"), title="Vouch no longer", ids=("VERIFIED_ID",)),
    Example(operation=("DELETE", "/threads/{thread_id}"), title="Remove a thread", ids=("THREAD_ID",)),
    Example(operation=("PATCH", "/me"), title="Change the language of your answers", body={"language": "en"}),
    Example(operation=("GET", "/ping"), title="Is anybody there?"),
)

# Operations that the company's own page and people call, with the reason why a program has no use for them.
FOR_PEOPLE: Mapping[str, str] = {
    "/auth/token": "signing in with a password; programs carry a key",
    "/auth/refresh": "staying signed in",
    "/auth/logout": "signing out",
    "/me/phones": "a person's own phones",
    "/me/phones/verify": "a person's own phones",
    "/me/phones/{phone_id}": "a person's own phones",
    "/me/subscriptions": "what a person is told on WhatsApp",
    "/channels/n8n": "addresses for setting a channel up",
}
