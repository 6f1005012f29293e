import type { Feedback } from '@/api/trust'
import type {
  Answer,
  ChatEvent,
  Citation,
  Coverage,
  Definition,
  ErrorDetail,
  Language,
  StoredTurn,
  ThreadDetail,
  Understood,
  VerifiedMark,
  WireBlock,
} from '@/api/types'

/** The error code of a turn that the person who asked has stopped: nothing went wrong. */
export const STOPPED = 'stopped'

/** One question with as much of its answer as has come. */
export interface Turn {
  id: string
  clientId: string | null
  question: string
  askedAt: string
  status: 'running' | 'answered' | 'failed'
  /** What the answer is written in, which need not be the language of the screen. */
  language: Language | null
  intent: string | null
  /** What the question means, as the server keeps it: what an edit starts from. */
  plan: Record<string, unknown> | null
  isEdited: boolean
  understood: Understood[]
  blocks: WireBlock[]
  text: string
  citations: Citation[]
  notes: string[]
  suggestions: string[]
  coverage: Coverage | null
  /** What stands in the footer, once the answer is whole. */
  made: { provider: string; tookMs: number; asOf: string } | null
  verified: VerifiedMark | null
  definitions: Definition[]
  /** What the person who asked thinks of it. */
  feedback: Feedback | null
  /** Of the verified question in the same words, once there is one. */
  verifiedId: string | null
  error: ErrorDetail | null
}

export interface Thread {
  id: string
  title: string
  /** The last event that is in `turns`; everything up to it was seen. */
  lastSeq: number
  turns: Turn[]
  /** Events that came before one that is still missing, by `seq`. */
  early: ChatEvent[]
}

export function startTurn(id: string, question: string, askedAt: string, clientId: string | null): Turn {
  return {
    id,
    clientId,
    question,
    askedAt,
    status: 'running',
    language: null,
    intent: null,
    plan: null,
    isEdited: false,
    understood: [],
    blocks: [],
    text: '',
    citations: [],
    notes: [],
    suggestions: [],
    coverage: null,
    made: null,
    verified: null,
    definitions: [],
    feedback: null,
    verifiedId: null,
    error: null,
  }
}

function readIntent(plan: Record<string, unknown>): string | null {
  return typeof plan.intent === 'string' ? plan.intent : null
}

function completeTurn(turn: Turn, answer: Answer): Turn {
  return {
    ...turn,
    status: 'answered',
    language: answer.language,
    intent: readIntent(answer.plan),
    plan: answer.plan,
    isEdited: answer.is_edited,
    understood: answer.understood,
    blocks: answer.blocks,
    text: answer.text,
    citations: answer.citations,
    notes: answer.notes,
    suggestions: answer.suggestions,
    coverage: answer.coverage,
    made: { provider: answer.provider, tookMs: answer.took_ms, asOf: answer.as_of },
    verified: answer.verified,
    definitions: answer.definitions,
    verifiedId: turn.verifiedId ?? answer.verified?.id ?? null,
    error: null,
  }
}

function readStoredTurn(stored: StoredTurn): Turn {
  const turn: Turn = {
    ...startTurn(stored.id, stored.question, stored.asked_at, null),
    isEdited: stored.is_edited,
    feedback: stored.feedback,
    verifiedId: stored.verified_id,
  }
  if (stored.status === 'answered' && stored.answer) return completeTurn(turn, stored.answer)
  if (stored.status === 'running') return turn
  return { ...turn, status: 'failed', error: stored.error ?? { code: stored.status === 'stopped' ? STOPPED : 'lost', message: '' } }
}

/**
 * A thread as the API stores it. Where a turn is still running its events so far are needed as well: the count starts at 0,
 * so that the replay brings them, and finished turns let theirs pass.
 */
export function readThread(detail: ThreadDetail): Thread {
  const turns = detail.turns.map(readStoredTurn)
  const isRunning = turns.some((turn) => turn.status === 'running')
  return { id: detail.id, title: detail.title, lastSeq: isRunning ? 0 : detail.last_seq, turns, early: [] }
}

export function startThread(threadId: string): Thread {
  return { id: threadId, title: '', lastSeq: 0, turns: [], early: [] }
}

/** The thread with something said of one of its turns: a thumb, a star. */
export function markTurn(thread: Thread, turnId: string, mark: Partial<Pick<Turn, 'feedback' | 'verifiedId'>>): Thread {
  return { ...thread, turns: thread.turns.map((turn) => (turn.id === turnId ? { ...turn, ...mark } : turn)) }
}

/** True while an event is missing between what was folded and what has come: the line should replay from `lastSeq`. */
export function hasGap(thread: Thread): boolean {
  return thread.early.length > 0
}

function startFrom(event: Extract<ChatEvent, { type: 'turn.started' }>, clientId: string | null): Turn {
  const { question, client_id, is_edited } = event.data
  return { ...startTurn(event.turn_id, question, event.at, client_id ?? clientId), isEdited: is_edited ?? false }
}

function changeTurn(turn: Turn, event: ChatEvent): Turn {
  if (turn.status !== 'running') return turn
  switch (event.type) {
    case 'turn.started':
      return startFrom(event, turn.clientId)
    case 'plan.understood':
      return { ...turn, language: event.data.language, intent: readIntent(event.data.plan), plan: event.data.plan, understood: event.data.understood }
    case 'block.added': {
      const blocks = [...turn.blocks]
      blocks[event.data.index] = event.data.block
      return { ...turn, blocks, coverage: event.data.coverage }
    }
    case 'text.added':
      return { ...turn, text: turn.text + event.data.text }
    case 'turn.answered':
      return completeTurn(turn, event.data.answer)
    case 'turn.failed':
      return { ...turn, status: 'failed', error: event.data.error }
  }
}

function applyEvent(thread: Thread, event: ChatEvent): Thread {
  const isKnown = thread.turns.some((turn) => turn.id === event.turn_id)
  const turns =
    !isKnown && event.type === 'turn.started'
      ? [...thread.turns, startFrom(event, null)]
      : thread.turns.map((turn) => (turn.id === event.turn_id ? changeTurn(turn, event) : turn))
  const title = event.type === 'turn.started' ? event.data.thread_title : thread.title
  return { ...thread, title, turns, lastSeq: event.seq }
}

/**
 * The thread after one more event. Pure: the same events in any order, with any of them twice, give the same thread.
 * What was seen is ignored; what comes too early waits until the events before it are there.
 */
export function foldEvent(thread: Thread, event: ChatEvent): Thread {
  if (event.seq <= thread.lastSeq || thread.early.some((known) => known.seq === event.seq)) return thread
  const waiting = [...thread.early, event].sort((a, b) => a.seq - b.seq)
  let next: Thread = thread
  while (waiting[0]?.seq === next.lastSeq + 1) next = applyEvent(next, waiting.shift() as ChatEvent)
  return { ...next, early: waiting }
}
