"""The embedded provider in the role of the analyser: batches in, analyses out, every distinct text computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from core.ai.embedded.context import TURNS
from core.ai.embedded.conversations import judge_conversation
from core.ai.embedded.corrections import Learned, Seen, learn
from core.ai.embedded.embedder import DIMENSIONS, MODEL, EmbeddedEmbedder
from core.ai.embedded.formulas import is_formula
from core.ai.embedded.heads import ALONE_OUTPUTS, ALONE_PATH, EMOTIONS, OUTPUTS, load_heads
from core.ai.embedded.messages import (
    Mood,
    Placed,
    Reading,
    hash_masked,
    judge_messages,
    mask_agents,
    normalise_masked,
    place_turns,
    read_texts,
)
from core.ai.embedded.talk import load_talk
from core.ai.embedded.themes import choose_theme, collect_words, see_talk
from core.ai.roles import ConversationAnalysis, ConversationInput, CorrectedTheme, MessageAnalysis, MessageInput, ThemeInput, Vector
from core.privacy import mask

# Raised when rules change; weights add their own hash, so that other conclusions never come under the same version.
RULES_VERSION = "7"
MAX_THEME_TEXTS = 4096
MAX_SEEN = 4096  # corrected conversations whose comparison is kept


class EmbeddedAnalyser:
    """Analyses on this machine's CPU, without a server. Safe to use from several threads."""

    name = "embedded"
    vector_model = MODEL
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self._heads = load_heads()
        self._alone = load_heads(ALONE_PATH, ALONE_OUTPUTS)
        self._talk = load_talk()
        self._embedder = EmbeddedEmbedder()
        self._theme_vectors: dict[str, Vector] = {}
        self._seen: dict[CorrectedTheme, Seen] = {}
        self.version = f"{RULES_VERSION}-{self._heads.version}-{self._alone.version}-{self._talk.version}"

    def hash_text(self, text: str) -> str:
        """The hash under which a text's vector is kept: of its masked, normalised form."""
        return hash_masked(mask(text).text)

    def analyse_messages(
        self, messages: Sequence[MessageInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[MessageAnalysis]:
        """Analyse customer messages in order; a text that comes twice, or whose vector is known, is not embedded again."""
        said_before = [turn.text for message in messages for turn in message.before[-TURNS:] if turn.author == "customer"]
        known: dict[str, str] = {}
        placed = [Placed(message.text, message.at, mask_agents(message.before[-TURNS:], known=known)) for message in messages]
        is_any_alone = not all(one.is_in_talk for one in placed)
        readings = self._read([message.text for message in messages] + said_before, known_vectors, is_any_alone=is_any_alone)
        moods = judge_messages(placed, readings, self._talk)
        return [self._tell(readings[message.text], mood) for message, mood in zip(messages, moods, strict=True)]

    def analyse_conversations(
        self, conversations: Sequence[ConversationInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[ConversationAnalysis]:
        """Analyse whole conversations in order."""
        known: dict[str, str] = {}
        conversations = [replace(one, messages=mask_agents(one.messages, known=known)) for one in conversations]
        texts = [turn.text for one in conversations for turn in one.messages if turn.author == "customer"]
        readings = self._read(texts, known_vectors, is_any_alone=False)
        self._learn_themes(conversations)
        learned = self._learn_corrections(conversations, known_vectors or {})
        placed = [place_turns(conversation.messages) for conversation in conversations]
        moods = iter(judge_messages([one for said in placed for one in said], readings, self._talk))
        judged = []
        for conversation, said in zip(conversations, placed, strict=True):
            told = learned.get((conversation.themes, conversation.corrected))
            judged.append(self._judge(conversation, readings, [next(moods) for _ in said], told))
        return judged

    def list_emotions(self, texts: Sequence[str], *, known_vectors: Mapping[str, Vector] | None = None) -> list[frozenset[str]]:
        """Every emotion that is shown by texts that nothing surrounds; an analysis names the one that fits best."""
        readings = self._read(texts, known_vectors, is_any_alone=True)
        places = {emotion: OUTPUTS.index(emotion) for emotion in EMOTIONS}
        told = [readings[text].alone for text in texts]
        return [frozenset(name for name, place in places.items() if chances[place] >= needed[place]) for chances, needed in told]

    def _read(self, texts: Sequence[str], known_vectors: Mapping[str, Vector] | None, *, is_any_alone: bool) -> dict[str, Reading]:
        alone = self._alone if is_any_alone else None
        return read_texts(texts, heads=self._heads, alone=alone, embedder=self._embedder, known_vectors=known_vectors or {})

    def _tell(self, reading: Reading, mood: Mood) -> MessageAnalysis:
        return MessageAnalysis(
            sentiment=mood.sentiment,
            sentiment_score=mood.score,
            emotion=mood.emotion,
            tone=mood.tone,
            masked_text=reading.masked_text,
            text_hash=reading.text_hash,
            vector=reading.vector,
            analyser=self.name,
            analyser_version=self.version,
        )

    def _judge(
        self, conversation: ConversationInput, readings: Mapping[str, Reading], moods: Sequence[Mood], learned: Learned | None
    ) -> ConversationAnalysis:
        judgement = judge_conversation(
            conversation.messages,
            [mood.felt for mood in moods],
            self._talk,
            first_response_seconds=conversation.first_response_seconds,
            longest_wait_seconds=conversation.longest_wait_seconds,
            rating=conversation.rating,
        )
        rounded = int(judgement.score + 0.5)
        return ConversationAnalysis(
            satisfaction=conversation.rating if conversation.rating is not None else rounded,
            score=judgement.score,
            theme=self._find_theme(conversation, readings, learned),
            is_resolved=judgement.is_resolved,
            parts=judgement.parts,
            analyser=self.name,
            analyser_version=self.version,
        )

    def _find_theme(self, conversation: ConversationInput, readings: Mapping[str, Reading], learned: Learned | None) -> str | None:
        if not conversation.themes:
            return None
        texts = [readings[turn.text].text for turn in conversation.messages if turn.author == "customer"]
        telling = [
            readings[turn.text] for turn in conversation.messages if turn.author == "customer" and not is_formula(readings[turn.text].text)
        ]
        return choose_theme(
            conversation.themes,
            self._talk,
            talk=collect_words(texts, [turn.text for turn in conversation.messages if turn.author == "agent"]),
            readings=telling,
            theme_vectors=self._theme_vectors,
            centre=self._heads.centre[:DIMENSIONS],
            learned=learned,
        )

    def _learn_corrections(
        self, conversations: Sequence[ConversationInput], known_vectors: Mapping[str, Vector]
    ) -> dict[tuple[tuple[ThemeInput, ...], tuple[CorrectedTheme, ...]], Learned | None]:
        """What each distinct list of corrections says of each distinct list of themes."""
        distinct = dict.fromkeys((one.themes, one.corrected) for one in conversations if one.themes and one.corrected)
        wanted = dict.fromkeys(one for _, corrected in distinct for one in corrected)
        if missing := [one for one in wanted if one not in self._seen]:
            # Replaced as a whole, as the vectors of themes are.
            kept = self._seen if len(self._seen) + len(missing) <= MAX_SEEN else {}
            missing = [one for one in wanted if one not in kept]
            self._seen = {**kept, **self._see(missing, known_vectors)}
        seen = self._seen
        return {(themes, corrected): learn(themes, corrected, seen) for themes, corrected in distinct}

    def _see(self, corrected: Sequence[CorrectedTheme], known_vectors: Mapping[str, Vector]) -> dict[CorrectedTheme, Seen]:
        """As they are compared, those that tell something."""
        said = {one: [normalise_masked(mask(text).text) for text in one.texts] for one in corrected}
        telling = {one: [text for text in texts if not is_formula(text)] for one, texts in said.items()}
        hash_of = {text: hash_masked(text) for texts in telling.values() for text in texts}
        vectors = {text: known_vectors[key][:DIMENSIONS] for text, key in hash_of.items() if key in known_vectors}
        new = [text for text in hash_of if text not in vectors]
        vectors.update(zip(new, self._embedder.embed_passages(new), strict=True))
        centre = self._heads.centre[:DIMENSIONS]
        return {
            one: see_talk(collect_words(said[one], ()), np.stack([vectors[text] for text in texts]), centre)
            for one, texts in telling.items()
            if texts
        }

    def _learn_themes(self, conversations: Sequence[ConversationInput]) -> None:
        """Vectors of the names and examples of themes, computed once a process."""
        themes: dict[ThemeInput, None] = dict.fromkeys(theme for one in conversations for theme in one.themes)
        wanted = dict.fromkeys(text for theme in themes for text in (theme.name, *theme.examples))
        missing = [text for text in wanted if text not in self._theme_vectors]
        if not missing:
            return
        # Replaced as a whole, never changed: another thread may be reading the old one.
        kept = self._theme_vectors if len(self._theme_vectors) + len(missing) <= MAX_THEME_TEXTS else {}
        missing = [text for text in wanted if text not in kept]
        self._theme_vectors = {**kept, **dict(zip(missing, self._embedder.embed_passages(missing), strict=True))}


@lru_cache(maxsize=1)
def get_embedded_analyser() -> EmbeddedAnalyser:
    """This process's analyser; weights are read when it is first asked for."""
    return EmbeddedAnalyser()
