import type { Revision } from '@/api/trust'
import type { ErrorDetail, Language } from '@/api/types'

/** A question that was asked here and that the server has not taken up yet. */
export interface Pending {
  clientId: string
  threadId: string | null
  question: string
  language: Language
  askedAt: string
  /** Where an earlier question is asked again, perhaps with another plan. */
  revision?: Revision
  error: ErrorDetail | null
}

const KEPT = 'evosense.outbox'

/** Questions survive a reload in the tab's own storage: `client_id` makes sending one again harmless. */
export function readOutbox(viewerId: string): Pending[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null') as { viewerId: string; pending: Pending[] } | null
    return kept?.viewerId === viewerId ? kept.pending : []
  } catch {
    return []
  }
}

export function keepOutbox(viewerId: string, pending: Pending[]): void {
  try {
    if (pending.length === 0) sessionStorage.removeItem(KEPT)
    else sessionStorage.setItem(KEPT, JSON.stringify({ viewerId, pending }))
  } catch {
    // Storage is closed or full: the question is still on screen and is still sent.
  }
}

/** A UUID, also on a plain-HTTP address of the local network, where browsers offer no `randomUUID`. */
export function newClientId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
