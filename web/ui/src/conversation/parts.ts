import type { TFunction } from 'i18next'

import type { ScorePart } from '@/api/types'

const KNOWN = [
  'base', 'mood_at_start', 'mood_at_end', 'mood_overall', 'mood', 'harsh_words', 'thanks_at_end', 'praise_at_end', 'repeated_complaint',
  'waiting', 'quick_reply', 'effort', 'rating', 'limit',
] as const

/** A part of a score in words. One that this screen does not know yet is shown by the name that the analyser gave it. */
export function namePart(t: TFunction, name: string, points?: number): string {
  if (name === 'resolution') return t(points === undefined ? 'conversation.why.parts.resolution' : points > 0 ? 'conversation.why.parts.resolved' : 'conversation.why.parts.unresolved')
  const known = KNOWN.find((one) => one === name)
  return known ? t(`conversation.why.parts.${known}`) : name.replaceAll('_', ' ')
}

export interface Step {
  name: string
  points: number
  /** Where on the scale the part begins and ends, 0 (nothing) to 5. */
  from: number
  to: number
}

/** The parts as steps of a stair: each begins where the one before ended, and the last ends at the score. */
export function climb(parts: ScorePart[]): Step[] {
  let at = 0
  return parts.map(({ name, points }) => {
    const from = at
    at += points
    return { name, points, from, to: at }
  })
}
