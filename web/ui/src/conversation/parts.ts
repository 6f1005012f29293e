import type { TFunction } from 'i18next'

import type { ScorePart } from '@/api/types'

const KNOWN = [
  'base', 'mood_at_start', 'mood_at_end', 'mood_overall', 'mood', 'harsh_words', 'thanks_at_end', 'praise_at_end', 'repeated_complaint',
  'waiting', 'quick_reply', 'effort', 'model', 'rating', 'limit',
] as const

/** Parts that say another thing where they go the other way: [key, whether it is said of gained points]. */
const TURNED = {
  waiting: ['waitingShort', true],
  harsh_words: ['harshNone', true],
  thanks_at_end: ['thanksNone', false],
  praise_at_end: ['praiseNone', false],
} as const

/** A part of a score in words. One that this screen does not know yet is shown by the name that the analyser gave it. */
export function namePart(t: TFunction, name: string, points?: number): string {
  if (name === 'resolution') {
    if (points === undefined) return t('conversation.why.parts.resolution')
    return t(points > 0 ? 'conversation.why.parts.resolved' : 'conversation.why.parts.unresolved')
  }
  const turned = TURNED[name as keyof typeof TURNED] as (typeof TURNED)[keyof typeof TURNED] | undefined
  if (turned && points !== undefined && points !== 0 && points > 0 === turned[1]) return t(`conversation.why.parts.${turned[0]}`)
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
