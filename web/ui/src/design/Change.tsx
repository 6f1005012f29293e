import { ArrowDownRight, ArrowUpRight, Equal } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import type { Unit } from '@/api/types'
import { seenChange } from '@/format/format'
import { useFormat } from '@/format/useFormat'

import { cx } from './cx'

export type Better = 'up' | 'down' | null

/** Whether a change is good news: `null` where the measure has no good side, or nothing that is shown changed. */
export function isGoodNews(unit: Unit, change: number, better: Better): boolean | null {
  const seen = seenChange(unit, change)
  if (!better || seen === 0) return null
  return (seen > 0) === (better === 'up')
}

interface ChangeProps {
  unit: Unit
  change: number
  better: Better
  className?: string
}

/** A difference: the arrow says which way, the colour and the hidden word whether that is good. */
export function Change({ unit, change, better, className }: ChangeProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const good = isGoodNews(unit, change, better)
  const seen = seenChange(unit, change)
  const Arrow = seen === 0 ? Equal : seen > 0 ? ArrowUpRight : ArrowDownRight

  return (
    <span
      className={cx(
        'inline-flex items-center gap-1 rounded-sm px-1.5 py-0.5 text-xs font-semibold tabular-nums',
        good === null ? 'bg-ink/6 text-ink-soft' : good ? 'bg-good-soft text-good' : 'bg-bad-soft text-bad',
        className,
      )}
    >
      <Arrow aria-hidden="true" className="size-3.5" strokeWidth={2.4} />
      {format.change(unit, change)}
      {good !== null && <span className="sr-only">, {t(good ? 'block.better' : 'block.worse')}</span>}
    </span>
  )
}
