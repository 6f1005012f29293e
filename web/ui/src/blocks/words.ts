import type { TFunction } from 'i18next'

import type { Cell } from '@/api/types'

const FEELINGS = ['sentiment', 'emotion', 'tone', 'status'] as const
export type Feeling = (typeof FEELINGS)[number]

/** The API's word for a sentiment, emotion, tone or status in the language of the screen; any other text as it is. */
export function translateWord(t: TFunction, key: string, word: Cell | undefined): string | null {
  if (typeof word !== 'string' || word === '') return null
  const feeling = FEELINGS.find((one) => key === one)
  if (!feeling) return word
  return t(`value.${feeling}.${word}` as 'value.tone.neutral', { defaultValue: word })
}

/** Measures that count messages; every other one counts conversations. */
const OF_MESSAGES = new Set(['messages', 'sentiment', 'positive_share', 'neutral_share', 'negative_share'])

export function nameBase(t: TFunction, metric: string, base: number, n: string): string {
  return t(OF_MESSAGES.has(metric) ? 'block.base_messages' : 'block.base_conversations', { count: base, n })
}
