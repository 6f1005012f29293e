/** The contract's part about judging answers, vouching for questions, and asking again with another plan. */

export const REASONS = ['number', 'misunderstood', 'incomplete', 'unclear', 'other'] as const
export type Reason = (typeof REASONS)[number]

/** A thumb on an answer. */
export interface Feedback {
  is_good: boolean
  reason: Reason | null
  comment: string
}

/** A question that somebody who leads vouches for, with what the nightly check found. */
export interface VerifiedQuestion {
  id: string
  question: string
  days: string
  made_by: string | null
  made_at: string
  state: 'unchecked' | 'sound' | 'empty' | 'reread' | 'drifted' | 'broken'
  problems: { code: string; text: string }[]
  checked_at: string | null
}

export const NAMED_PERIODS = [
  'today', 'yesterday', 'this_week', 'last_week', 'this_month', 'last_month', 'last_7_days', 'last_30_days', 'last_90_days', 'this_year',
] as const
export type NamedPeriod = (typeof NAMED_PERIODS)[number]

/** Ask an earlier question again: as it was, or with what is said changed in its plan. */
export interface Revision {
  turn_id: string
  period?: NamedPeriod | { start: string; end: string }
  metrics?: string[]
  group_by?: string
  remove?: string[]
}

export interface Catalogue {
  metrics: { name: string; label: string; definition: string }[]
}
