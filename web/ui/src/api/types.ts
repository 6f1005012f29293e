/** The HTTP and WebSocket contract of EvoSense, as the screen reads it. */
import type { Feedback, Revision } from './trust'

export type Language = 'pt' | 'en' | 'es'
export type Role = 'admin' | 'manager' | 'supervisor' | 'operator'
export type Unit = 'count' | 'rating' | 'percent' | 'score' | 'seconds' | 'text' | 'date' | 'datetime' | 'hour' | 'weekday'
export type Cell = string | number | boolean | null
export type Row = Record<string, Cell>

export interface Me {
  id: string
  name: string
  email: string
  role: Role
  language: Language
  tenant: Tenant | null
}

export interface Tenant {
  name: string
  slug: string
  time_zone: string
  language: Language
}

export interface Column {
  key: string
  label: string
  unit: Unit
}

/** A block as it comes over the wire; each kind checks its own shape before it is drawn (`blocks/`). */
export interface WireBlock {
  kind: string
  title?: string
  [field: string]: unknown
}

export interface Citation {
  message_id: string
  conversation_id: string
  sent_at: string
  author: string
  text: string
}

export interface Understood {
  field: string
  label: string
  value: string
  assumed: boolean
}

export interface Coverage {
  period: { start: string; end: string } | null
  conversations: number
  analysed: number
  pending: number
  text: string
}

export interface Answer {
  thread_id: string
  turn_id: string
  language: Language
  question: string
  text: string
  plan: Record<string, unknown>
  understood: Understood[]
  blocks: WireBlock[]
  citations: Citation[]
  coverage: Coverage
  notes: string[]
  suggestions: string[]
  provider: string
  took_ms: number
  as_of: string
  /** Its plan was changed by hand. */
  is_edited: boolean
  verified: VerifiedMark | null
  definitions: Definition[]
}

/** What a metric of the answer means. */
export interface Definition {
  metric: string
  label: string
  text: string
}

/** Who vouches for the question; `text` says all of it. */
export interface VerifiedMark {
  id: string
  by: string | null
  on: string
  timing: 'planner' | 'shifted' | 'fixed'
  text: string
}

export interface ErrorDetail {
  code: string
  message: string
  field?: string | null
}

interface EventOf<Type extends string, Data> {
  type: Type
  seq: number
  thread_id: string
  turn_id: string
  at: string
  data: Data
}

export type ChatEvent =
  | EventOf<'turn.started', { question: string; client_id?: string | null; thread_title: string; is_edited?: boolean }>
  | EventOf<'plan.understood', { language: Language; plan: Record<string, unknown>; understood: Understood[] }>
  | EventOf<'block.added', { index: number; block: WireBlock; coverage: Coverage }>
  | EventOf<'text.added', { text: string }>
  | EventOf<'turn.answered', { answer: Answer }>
  | EventOf<'turn.failed', { error: ErrorDetail }>

export type ServerMessage =
  | ChatEvent
  | { type: 'ready' }
  | { type: 'pong' }
  | { type: 'error'; error: ErrorDetail; client_id?: string | null }

export type ClientMessage =
  | { type: 'ask'; question: string; thread_id: string | null; client_id: string; language: Language; revision?: Revision }
  | { type: 'resume'; thread_id: string; after_seq: number }
  | { type: 'stop'; turn_id: string }

export interface ThreadSummary {
  id: string
  title: string
  updated_at: string
  turns: number
}

export interface StoredTurn {
  id: string
  question: string
  asked_at: string
  status: 'running' | 'answered' | 'failed' | 'stopped'
  answer: Answer | null
  error: ErrorDetail | null
  is_edited: boolean
  feedback: Feedback | null
  /** Of the verified question in the same words. */
  verified_id: string | null
}

export interface ThreadDetail {
  id: string
  title: string
  last_seq: number
  turns: StoredTurn[]
}

export interface Page<Item> {
  items: Item[]
  count: number
}

export interface Status {
  conversations: number
  analysed: number
  pending: number
  first_on: string | null
  last_on: string | null
}

export interface ConversationMessage {
  id: string
  author: 'customer' | 'agent' | 'system'
  author_name: string | null
  kind: string
  text: string | null
  attachment: string | null
  sent_at: string
  is_edited: boolean
  is_deleted: boolean
  sentiment: string | null
  sentiment_score: number | null
  emotion: string | null
  tone: string | null
}

/** Points that one part of a score gave or took; all of them add up to the score. */
export interface ScorePart {
  name: string
  points: number
}

/** What a person put right of a conversation; null where they left a thing as it is. */
export interface Correction {
  satisfaction: number | null
  corrects_theme: boolean
  theme: string | null
  is_resolved: boolean | null
  comment: string
  made_by: string | null
  made_at: string
  counts: boolean
  is_outdated: boolean
}

/** What is sent to correct: what is left out stays as the analyser said; a theme of null is "no theme". */
export interface CorrectionChange {
  satisfaction?: number
  theme?: string | null
  resolved?: boolean
  comment?: string
}

export interface Conversation {
  id: string
  contact: string
  agent: string | null
  channel: string
  theme: string | null
  satisfaction: number | null
  rating: number | null
  score: number | null
  status: 'open' | 'resolved' | 'unanswered'
  started_at: string
  last_message_at: string
  first_response_seconds: number | null
  analyser: string | null
  analyser_version: string | null
  analysed_at: string | null
  parts: ScorePart[]
  deciding: { message_id: string; part: string }[]
  machine: { satisfaction: number; score: number; theme: string | null; is_resolved: boolean } | null
  correction: Correction | null
  themes: string[]
  may_correct: boolean
  messages: ConversationMessage[]
}

/** A phone of the person's own. `code_state`: how far the code to it got, while it is not proven yet. */
export interface Phone {
  id: string
  phone: string
  verified_at: string | null
  code_expires_at: string | null
  code_state: 'waiting' | 'sending' | 'uncertain' | 'sent' | 'delivered' | 'read' | 'failed' | null
}

export interface Phones {
  items: Phone[]
  /** The number that answers questions, as digits. */
  write_to: string | null
}

/** What a person is told on WhatsApp without asking. Hours are the company's. */
export interface Subscription {
  kind: 'briefing' | 'satisfaction' | 'losing' | 'silent'
  is_active: boolean
  hour: number
  quiet_from: number
  quiet_until: number
}

export interface N8nAddress {
  channel: string
  address: string
}
