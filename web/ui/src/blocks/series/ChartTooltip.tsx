import { useTranslation } from 'react-i18next'

import type { Cell } from '@/api/types'
import { countDigits } from '@/format/format'
import { useFormat } from '@/format/useFormat'

import { INKS } from './inks'
import { openEnd, type Panel, type Point, type Trace } from './panels'

interface ChartTooltipProps {
  point: Point
  panel: Panel
  x: string
  nameX: (value: Cell) => string
}

export function ChartTooltip({ point, panel, x, nameX }: ChartTooltipProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const isOpen = point.partial === true
  const read = (trace: Trace) => (isOpen ? point[openEnd(trace.key)] : point[trace.key]) ?? null
  const readPrevious = (trace: Trace) => (trace.previousKey ? (point[trace.previousKey] ?? null) : null)
  const digits = countDigits(panel.unit, panel.traces.flatMap((trace) => [read(trace), readPrevious(trace)]))
  return (
    <div className="rounded-md bg-raised px-3 py-2 text-xs shadow-high">
      <p className="font-semibold first-letter:uppercase">
        {nameX(point[x] ?? null)}
        {isOpen && <span className="ml-1.5 font-normal text-ink-faint">{t('block.toDate')}</span>}
      </p>
      {panel.traces.map((trace, index) => (
        <p key={trace.key} className="mt-1 flex items-center gap-2 tabular-nums">
          <span className="size-2 rounded-full" style={{ background: INKS[index % INKS.length] }} />
          <span className="text-ink-soft">{trace.label}</span>
          <span className="ml-auto pl-4 font-semibold">{format.value(panel.unit, read(trace), { digits })}</span>
          {trace.previousKey && <span className="text-ink-faint">{t('block.before', { value: format.value(panel.unit, readPrevious(trace), { digits }) })}</span>}
        </p>
      ))}
    </div>
  )
}
