import { Frown, Meh, Smile } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { translateWord } from '@/blocks/words'

import { cx } from './cx'

const FACES: Record<string, { Icon: typeof Smile; ink: string }> = {
  positive: { Icon: Smile, ink: 'text-scale-5' },
  neutral: { Icon: Meh, ink: 'text-scale-3' },
  negative: { Icon: Frown, ink: 'text-scale-1' },
}

interface FeelingProps {
  sentiment: string | null
  emotion?: string | null
  tone?: string | null
  className?: string
}

/** How a message feels: a face for the sentiment, in words what is more than neutral. */
export function Feeling({ sentiment, emotion = null, tone = null, className }: FeelingProps) {
  const { t } = useTranslation()
  if (!sentiment && !emotion && !tone) return null
  const face = sentiment ? FACES[sentiment] : undefined
  const words = [
    translateWord(t, 'sentiment', sentiment),
    emotion === 'neutral' ? null : translateWord(t, 'emotion', emotion),
    tone === 'neutral' ? null : translateWord(t, 'tone', tone),
  ].filter((word) => word !== null)

  return (
    <span className={cx('inline-flex items-center gap-1 text-xs text-ink-soft', className)}>
      {face && <face.Icon aria-hidden="true" className={cx('size-3.5', face.ink)} strokeWidth={2.4} />}
      {words.join(', ')}
    </span>
  )
}
