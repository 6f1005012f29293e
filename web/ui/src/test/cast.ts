/** The people and answers that the tests speak of: one shop, one thread, one answer that a reader can add up. */
import type { Answer, ChatEvent, Conversation, Me, ThreadDetail, WireBlock } from '@/api/types'

export const alice: Me = {
  id: 'alice',
  name: 'Alice Prado',
  email: 'alice@casaaurora.com.br',
  role: 'manager',
  language: 'pt',
  tenant: { name: 'Casa Aurora', slug: 'casa-aurora', time_zone: 'America/Sao_Paulo', language: 'pt' },
}

export const number: WireBlock = {
  kind: 'number',
  title: 'Satisfação, 1 a 9 de novembro',
  figures: [
    { metric: 'satisfaction', label: 'Satisfação', unit: 'rating', value: 4.12, previous: 4.6, change: -0.48, base: 184, better: 'up' },
  ],
}

export const answer: Answer = {
  thread_id: 'thread-1',
  turn_id: 'turn-1',
  language: 'pt',
  question: 'Como está a satisfação?',
  text: 'A satisfação foi 4,12.',
  plan: { intent: 'metric', metrics: ['satisfaction'], period: { start: '2025-11-01', end: '2025-11-09' }, group_by: null },
  understood: [
    { field: 'metrics', label: 'Medida', value: 'Satisfação', assumed: false },
    { field: 'period', label: 'Período', value: '1 a 9 de novembro', assumed: true },
  ],
  blocks: [number],
  citations: [
    { message_id: 'message-2', conversation_id: 'conversation-1', sent_at: '2025-11-08T23:40:00Z', author: 'Bob Lima', text: 'Demorou demais.' },
  ],
  coverage: {
    period: { start: '2025-11-01', end: '2025-11-09' },
    conversations: 190,
    analysed: 184,
    pending: 6,
    text: '184 de 190 conversas analisadas, 6 aguardando',
  },
  notes: ['O período ainda não terminou.'],
  suggestions: ['E por atendente?'],
  provider: 'embedded',
  took_ms: 84,
  as_of: '2025-11-09T15:00:00Z',
  is_edited: false,
  verified: null,
  definitions: [{ metric: 'satisfaction', label: 'Satisfação', text: 'Média da nota de 1 a 5.' }],
}

export function detail(change: Partial<ThreadDetail>): ThreadDetail {
  return {
    id: 'thread-1',
    title: 'Como está a satisfação?',
    last_seq: 6,
    turns: [{ id: 'turn-1', question: answer.question, asked_at: '2025-11-09T15:00:00Z', status: 'answered', answer, error: null, is_edited: false, feedback: null, verified_id: null }],
    ...change,
  }
}

interface TurnCast {
  turnId: string
  firstSeq: number
  question: string
  threadId?: string
  clientId?: string
}

/** The six events of a turn that goes well, in order. */
export function turnEvents({ turnId, firstSeq, question, threadId = 'thread-1', clientId = `client-${turnId}` }: TurnCast): ChatEvent[] {
  const at = '2025-11-09T15:00:00Z'
  const head = (offset: number) => ({ seq: firstSeq + offset, thread_id: threadId, turn_id: turnId, at })
  const whole: Answer = { ...answer, thread_id: threadId, turn_id: turnId, question }
  return [
    { type: 'turn.started', ...head(0), data: { question, client_id: clientId, thread_title: 'Como está a satisfação?' } },
    { type: 'plan.understood', ...head(1), data: { language: 'pt', plan: answer.plan, understood: answer.understood } },
    { type: 'block.added', ...head(2), data: { index: 0, block: number, coverage: answer.coverage } },
    { type: 'text.added', ...head(3), data: { text: 'A satisfação foi ' } },
    { type: 'text.added', ...head(4), data: { text: '4,12.' } },
    { type: 'turn.answered', ...head(5), data: { answer: whole } },
  ]
}

export const conversation: Conversation = {
  id: 'conversation-1',
  contact: 'Bob Lima',
  agent: 'Ana Souza',
  channel: 'Vendas',
  theme: 'Entrega',
  satisfaction: 2,
  rating: 2,
  score: 2.4,
  status: 'resolved',
  started_at: '2025-11-08T23:10:00Z',
  last_message_at: '2025-11-09T12:05:00Z',
  first_response_seconds: 250,
  analyser: 'embedded',
  analyser_version: '1',
  analysed_at: '2025-11-09T12:06:00Z',
  parts: [
    { name: 'base', points: 3.35 },
    { name: 'mood_at_end', points: -0.6 },
    { name: 'resolution', points: -0.35 },
  ],
  deciding: [
    { message_id: 'message-2', part: 'mood_at_end' },
    { message_id: 'message-3', part: 'resolution' },
  ],
  machine: { satisfaction: 2, score: 2.4, theme: 'Entrega', is_resolved: true },
  correction: null,
  themes: ['Entrega', 'Pagamento'],
  may_correct: true,
  messages: [
    message('message-1', 'customer', '2025-11-08T23:10:00Z', { text: 'Boa noite, meu pedido não chegou.', sentiment: 'neutral', sentiment_score: -0.1, emotion: 'neutral', tone: 'neutral' }),
    message('message-2', 'customer', '2025-11-08T23:40:00Z', { text: 'Demorou demais.', sentiment: 'negative', sentiment_score: -0.8, emotion: 'anger', tone: 'urgent' }),
    message('message-3', 'agent', '2025-11-09T12:00:00Z', { text: 'Desculpe a demora, chega hoje.', is_edited: true }),
    message('message-4', 'customer', '2025-11-09T12:04:00Z', { kind: 'image', attachment: 'IMG-0001.jpg' }),
    message('message-5', 'agent', '2025-11-09T12:05:00Z', { is_deleted: true }),
    message('message-6', 'system', '2025-11-09T12:05:00Z', { kind: 'system', text: 'As mensagens são protegidas.' }),
  ],
}

function message(id: string, author: 'customer' | 'agent' | 'system', sent_at: string, change: object): Conversation['messages'][number] {
  const author_name = author === 'customer' ? 'Bob Lima' : author === 'agent' ? 'Ana Souza' : null
  return {
    id, author, author_name, kind: 'text', text: null, attachment: null, sent_at, is_edited: false, is_deleted: false,
    sentiment: null, sentiment_score: null, emotion: null, tone: null, ...change,
  }
}
