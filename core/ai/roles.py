"""The three things that EvoSense asks of a model: analyse, embed, talk. Providers stand behind these and nothing else.

A provider's inputs and outputs are these types; who called it, which tenant it was and where the result is kept is not its
business. Texts that come in may hold personal data: an analyser masks them before anything else reads them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Author = Literal["customer", "agent"]
Sentiment = Literal["positive", "neutral", "negative"]
Emotion = Literal["anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"]
Tone = Literal["friendly", "neutral", "urgent", "aggressive"]
Vector = NDArray[np.float32]

STORED_DIMENSIONS = 768  # shorter vectors are padded with zeros, which leaves cosines as they are


# Why a provider did not answer: nobody there, not in time, an HTTP status, not readable, readable but not what was asked for, its
# budget is used up, it rests after failures, its secret can't be read, or anything else.
FailureReason = Literal["unreachable", "timeout", "status", "garbage", "schema", "budget", "resting", "secret", "failed"]


class ProviderError(Exception):
    """A provider could not do its work: out of reach, too slow, or its answer is not what was asked for.

    `reason` is a word for logs and screens; the message never holds a customer's words or a reply.
    """

    def __init__(self, message: str, *, reason: FailureReason = "failed") -> None:
        super().__init__(message)
        self.reason: FailureReason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One message of a conversation. `at` is aware."""

    author: Author
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageInput:
    """One customer message, with what was said before it (oldest first) and when, where that is known. `at` is aware."""

    text: str
    before: tuple[Turn, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAnalysis:
    """What an analyser concluded of one message.

    `sentiment_score` goes from −1 (very negative) to 1 (very positive). `text_hash` names the masked, normalised text: two
    messages of the same hash have the same `vector`, which has length 1 and the provider's own number of dimensions.
    """

    sentiment: Sentiment
    sentiment_score: float
    emotion: Emotion
    tone: Tone
    masked_text: str
    text_hash: str
    vector: Vector
    analyser: str
    analyser_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeInput:
    """One of the tenant's themes: its name and what customers typically say about it."""

    name: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedTheme:
    """What a person put right of another conversation: its customer's messages, the theme's name that is right and the one that was wrong.

    None is no theme; a theme that is out of use is None too.
    """

    texts: tuple[str, ...]
    right: str | None
    wrong: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationInput:
    """One conversation. `rating` is the number 1–5 that the customer typed when asked; times are in seconds, None if unknown.

    `corrected` are others of the tenant whose theme a person put right. `first_response_seconds` and `longest_wait_seconds` count from
    a customer's message to the reply of a person.
    """

    messages: tuple[Turn, ...]
    themes: tuple[ThemeInput, ...] = ()
    corrected: tuple[CorrectedTheme, ...] = ()
    rating: int | None = None
    first_response_seconds: float | None = None
    longest_wait_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationAnalysis:
    """What an analyser concluded of one conversation.

    `satisfaction` is the note 1–5 that metrics count: the customer's rating where there is one, else `score` rounded half
    up. `score` is 1.0–5.0. `theme` is the name of one of the themes that came in, or None. `parts` says what the score is made
    of: each part's name with the points that it added or took.
    """

    satisfaction: int
    score: float
    theme: str | None
    is_resolved: bool
    parts: Mapping[str, float] = field(default_factory=dict)
    analyser: str
    analyser_version: str


class Analyser(Protocol):
    """Understands messages and conversations. Results come in the order of what was asked."""

    name: str
    version: str

    def analyse_messages(
        self, messages: Sequence[MessageInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[MessageAnalysis]:
        """Analyse customer messages. `known_vectors` maps text hashes to vectors that need not be computed again."""
        ...

    def analyse_conversations(
        self, conversations: Sequence[ConversationInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[ConversationAnalysis]:
        """Analyse whole conversations, the end weighing most."""
        ...

    def hash_text(self, text: str) -> str:
        """The hash under which a text's vector is kept: of its masked, normalised form."""
        ...


class VectorAnalyser(Analyser, Protocol):
    """An analyser that keeps the vectors of texts, under the name of the model that made them."""

    vector_model: str
    dimensions: int


class Embedder(Protocol):
    """Turns texts into vectors of length 1. Vectors of different models never meet."""

    model: str
    dimensions: int

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Vectors of stored texts, shape (texts, dimensions)."""
        ...

    def embed_query(self, text: str) -> Vector:
        """Vector of a search, shape (dimensions,)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One message to or from a chat model."""

    role: Literal["system", "user", "assistant"]
    text: str


class ChatModel(Protocol):
    """A language model that answers in words, or in JSON that fits a schema."""

    name: str
    model: str

    def complete(
        self, messages: Sequence[ChatMessage], *, schema: Mapping[str, Any] | None = None, timeout_seconds: float | None = None
    ) -> str:
        """The whole answer; JSON text that fits `schema` where one is given. Raises ProviderError.

        `timeout_seconds` is for the whole call, the provider's own where it is left out.
        """
        ...

    def stream(self, messages: Sequence[ChatMessage], *, timeout_seconds: float | None = None) -> Iterator[str]:
        """The answer as it grows, in pieces. Raises ProviderError."""
        ...


def pad_vector(vector: Vector) -> Vector:
    """The vector with zeros up to STORED_DIMENSIONS, as it is stored. Raises ValueError for a longer one."""
    missing = STORED_DIMENSIONS - vector.shape[-1]
    if missing < 0:
        raise ValueError(f"A vector of {vector.shape[-1]} dimensions does not fit the {STORED_DIMENSIONS} that are stored.")
    return np.pad(vector, [(0, 0)] * (vector.ndim - 1) + [(0, missing)])
