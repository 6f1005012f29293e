import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Change } from '@/design/Change'
import { useFormat } from '@/format/useFormat'

import { BlockFrame } from '../BlockFrame'
import type { BlockColumn, BlockRow, Figure } from '../shape'
import { DataTable } from '../table/DataTable'
import { ListTail } from '../ListTail'
import { useMore } from '../useMore'
import { ViewSwitch } from '../ViewSwitch'
import { nameBase } from '../words'
import { DriverRow } from './DriverRow'

const HELPING = 8

interface DriversBlock {
  title: string
  figure: Figure
  columns: BlockColumn[]
  rows: BlockRow[]
}

/** What moved a measure: how it moved, then each part's share of that, as bars from a middle line. */
export function DriversView({ block: { title, figure, columns, rows } }: { block: DriversBlock }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isTable, setTable] = useState(false)
  const { shown, hidden, showMore } = useMore(rows, HELPING)
  const widest = Math.max(...rows.map((row) => Math.abs(typeof row.change === 'number' ? row.change : 0)), 1e-9)
  const { unit, value, previous, better } = figure
  const change = figure.change ?? (value !== null && previous !== null ? value - previous : null)

  return (
    <BlockFrame title={title} aside={rows.length > 0 && <ViewSwitch isTable={isTable} onChange={setTable} />}>
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        {previous !== null && (
          <span className="font-display text-2xl text-ink-faint">
            {format.value(unit, previous)} <span aria-hidden="true">→</span>
          </span>
        )}
        <span className="font-display text-[2.6rem] leading-none font-medium tracking-[-0.03em]">{format.value(unit, value)}</span>
        {change !== null && <Change unit={unit} change={change} better={better} className="relative -top-1" />}
        <span className="text-xs text-ink-faint tabular-nums">
          {figure.label} · {nameBase(t, figure.metric, figure.base, format.count(figure.base))}
        </span>
      </p>
      <div className="mt-5">
        {isTable ? (
          <DataTable title={title} columns={columns} rows={rows} />
        ) : (
          <>
            <ul>
              {shown.map((row, place) => (
                <DriverRow key={place} row={row} columns={columns} figure={figure} widest={widest} />
              ))}
            </ul>
            <ListTail hidden={hidden} onMore={showMore} />
          </>
        )}
      </div>
    </BlockFrame>
  )
}
