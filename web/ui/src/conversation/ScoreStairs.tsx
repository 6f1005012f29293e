import { useTranslation } from 'react-i18next'

import type { ScorePart } from '@/api/types'
import { cx } from '@/design/cx'
import { useFormat } from '@/format/useFormat'

import { climb, namePart } from './parts'

const TOP = 5

/** What a score is made of: a stair from the starting point to the score, each step in words and points. */
export function ScoreStairs({ parts, score }: { parts: ScorePart[]; score: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const rows = climb(parts)
  const place = (value: number) => (Math.min(TOP, Math.max(0, value)) / TOP) * 100

  return (
    <ol className="mt-3">
      {rows.map(({ name, points, from, to }, index) => (
        <li key={name} className="grid grid-cols-[minmax(0,1fr)_5.5rem_3.25rem] items-center gap-x-3 border-b border-line py-1.5 sm:grid-cols-[minmax(0,1fr)_9rem_3.25rem]">
          <span className="text-sm">{namePart(t, name, points)}</span>
          <span aria-hidden="true" className="relative h-2.5 rounded-sm bg-ink/6">
            <span
              className={cx('absolute inset-y-0 rounded-sm', index === 0 ? 'bg-ink-faint' : points < 0 ? 'bg-bad' : 'bg-good')}
              style={{ left: `${place(Math.min(from, to)).toFixed(2)}%`, width: `${Math.max(1.5, Math.abs(place(to) - place(from))).toFixed(2)}%` }}
            />
          </span>
          <span className="text-right text-sm font-semibold tabular-nums">
            {index === 0 ? format.rating(points, 2) : format.change('rating', points)}
          </span>
        </li>
      ))}
      <li className="grid grid-cols-[minmax(0,1fr)_5.5rem_3.25rem] items-center gap-x-3 py-2 sm:grid-cols-[minmax(0,1fr)_9rem_3.25rem]">
        <span className="text-sm font-semibold">{t('conversation.why.total')}</span>
        <span aria-hidden="true" className="relative h-2.5 rounded-sm bg-ink/6">
          <span className="absolute inset-y-0 left-0 rounded-sm bg-brand" style={{ width: `${place(score).toFixed(2)}%` }} />
        </span>
        <span className="text-right text-sm font-semibold tabular-nums">{format.rating(score, 2)}</span>
      </li>
    </ol>
  )
}
