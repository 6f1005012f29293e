import { startTurn, type Thread, type Turn } from './fold'
import type { Pending } from './outbox'

/** One thing on the page of a thread: a turn, or a question that is still on its way to becoming one. */
export interface Entry {
  /** The same before and after the server takes the question up, so that it stays where it is on screen. */
  key: string
  turn: Turn
  pending: Pending | null
}

/** What a thread's page shows, in order: its turns, then what was asked here and has not been taken up. */
export function listEntries(thread: Thread | undefined, outbox: Pending[], threadId: string | null): Entry[] {
  const turns = (thread?.turns ?? []).map((turn) => ({ key: turn.clientId ?? turn.id, turn, pending: null }))
  const waiting = outbox
    .filter((pending) => pending.threadId === threadId && !turns.some((entry) => entry.key === pending.clientId))
    .map((pending) => {
      const turn = startTurn(pending.clientId, pending.question, pending.askedAt, pending.clientId)
      return { key: pending.clientId, turn: pending.error ? { ...turn, status: 'failed' as const, error: pending.error } : turn, pending }
    })
  return [...turns, ...waiting]
}
