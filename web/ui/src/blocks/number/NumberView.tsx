import { useTranslation } from 'react-i18next'

import { Change } from '@/design/Change'
import { cx } from '@/design/cx'
import { hasRuler, Ruler } from '@/design/Ruler'
import { countDigits } from '@/format/format'
import { useFormat } from '@/format/useFormat'

import { BlockFrame } from '../BlockFrame'
import type { Figure } from '../shape'
import { nameBase } from '../words'

/** Figures that are the answer themselves: large, with what they were before and how much stands behind them. */
export function NumberView({ block: { title, figures } }: { block: { title: string; figures: Figure[] } }) {
  const isAlone = figures.length === 1
  return (
    <BlockFrame title={title}>
      <div className={cx('grid gap-x-8 gap-y-7', !isAlone && 'grid-cols-[repeat(auto-fit,minmax(9.25rem,1fr))] @2xl:grid-cols-[repeat(auto-fit,minmax(10.5rem,1fr))]')}>
        {figures.map((figure) => (
          <FigureView key={figure.metric + figure.label} figure={figure} isAlone={isAlone} isTitled={!isAlone || !title.startsWith(figure.label)} />
        ))}
      </div>
    </BlockFrame>
  )
}

/** Digits large, their units small: 20 min 50 s is read by its numbers. */
function Value({ text }: { text: string }) {
  return text.split(/([a-z%]+)/i).map((part, index) =>
    index % 2 === 1 ? (
      <span key={index} className="text-[0.58em] tracking-normal text-ink-soft">
        {part}
      </span>
    ) : (
      part
    ),
  )
}

function FigureView({ figure, isAlone, isTitled }: { figure: Figure; isAlone: boolean; isTitled: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { unit, value, previous, base, better } = figure
  const change = figure.change ?? (value !== null && previous !== null ? value - previous : null)
  const digits = countDigits(unit, [value, previous])

  return (
    <div className={cx('min-w-0', !isAlone && 'border-t-2 border-ink pt-2.5')}>
      {isTitled && <p className="text-sm text-ink-soft">{figure.label}</p>}
      <p className="mt-1 flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className={cx('font-display font-medium tracking-[-0.03em]', value === null && 'text-ink-faint', isAlone ? 'text-[3.6rem] leading-none' : 'text-[2rem] leading-tight @2xl:text-[2.3rem]')}>
          <Value text={format.value(unit, value, { digits })} />
        </span>
        {change !== null && <Change unit={unit} change={change} better={better} className="relative -top-1" />}
      </p>
      {isAlone && value !== null && hasRuler(unit) && <Ruler unit={unit} value={value} previous={previous} className="mt-5 max-w-[34rem]" />}
      <p className="mt-2 text-xs text-ink-faint tabular-nums">
        {[
          previous !== null && t('block.before', { value: format.value(unit, previous, { digits }) }),
          unit !== 'count' && nameBase(t, figure.metric, base, format.count(base)),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </div>
  )
}
