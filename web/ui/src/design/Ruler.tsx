import type { Unit } from '@/api/types'
import { useFormat } from '@/format/useFormat'

import { cx } from './cx'

interface Scale {
  from: number
  to: number
  ticks: number[]
}

const SCALES: Partial<Record<Unit, Scale>> = {
  rating: { from: 1, to: 5, ticks: [1, 2, 3, 4, 5] },
  percent: { from: 0, to: 100, ticks: [0, 25, 50, 75, 100] },
  score: { from: -1, to: 1, ticks: [-1, 0, 1] },
}

// Each colour lies around its own point of the scale; the outer two have only their inner half on it.
const STEPS = ['bg-scale-1 flex-1', 'bg-scale-2 flex-2', 'bg-scale-3 flex-2', 'bg-scale-4 flex-2', 'bg-scale-5 flex-1']

export function hasRuler(unit: Unit): boolean {
  return unit in SCALES
}

interface RulerProps {
  unit: Unit
  value: number
  previous?: number | null
  className?: string
}

/** Where a figure stands on its whole scale: the needle is now, the hollow one before. The figure itself is in words beside it. */
export function Ruler({ unit, value, previous, className }: RulerProps) {
  const format = useFormat()
  const scale = SCALES[unit]
  if (!scale) return null
  const place = (point: number) => `${(Math.min(1, Math.max(0, (point - scale.from) / (scale.to - scale.from))) * 100).toFixed(2)}%`
  const isSatisfaction = unit !== 'percent'

  return (
    <div aria-hidden="true" className={cx('relative h-11 select-none', className)}>
      <div className="absolute inset-x-0 top-3.5 flex h-2 overflow-hidden rounded-full bg-ink/10">
        {isSatisfaction ? (
          STEPS.map((fill) => <span key={fill} className={cx('h-full border-r-2 border-sheet last:border-0', fill)} />)
        ) : (
          <span className="h-full rounded-full bg-brand" style={{ width: place(value) }} />
        )}
      </div>
      {typeof previous === 'number' && (
        <span
          className="absolute top-2 h-5 w-[7px] -translate-x-1/2 rounded-full border-2 border-ink bg-sheet transition-[left]"
          style={{ left: place(previous) }}
        />
      )}
      <span
        className="absolute top-1 h-7 w-[7px] -translate-x-1/2 rounded-full bg-ink ring-2 ring-sheet transition-[left]"
        style={{ left: place(value) }}
      />
      {scale.ticks.map((tick, index) => (
        <span
          key={tick}
          className={cx(
            'absolute top-8 text-2xs tabular-nums text-ink-faint',
            index === 0 ? '' : index === scale.ticks.length - 1 ? '-translate-x-full' : '-translate-x-1/2',
          )}
          style={{ left: place(tick) }}
        >
          {unit === 'percent' ? format.percent(tick) : format.count(tick)}
        </span>
      ))}
    </div>
  )
}
