import { lazy, Suspense, useState } from 'react'

import { Skeleton } from '@/design/Skeleton'

import { BlockFrame } from '../BlockFrame'
import type { BlockColumn, BlockRow } from '../shape'
import { DataTable } from '../table/DataTable'
import { ViewSwitch } from '../ViewSwitch'
import { HiddenTable } from './HiddenTable'
import { listPanels } from './panels'

// The drawing library weighs more than the rest of the page: it comes with the first chart.
const SeriesChart = lazy(() => import('./SeriesChart'))

export interface SeriesBlock {
  title: string
  x: string
  chart: 'line' | 'bar'
  columns: BlockColumn[]
  rows: BlockRow[]
}

/** Values along time or a scale: a chart, the same as a table at a press, and always a table for those who listen. */
export function SeriesView({ block }: { block: SeriesBlock }) {
  const [isTable, setTable] = useState(false)
  const panels = listPanels(block.columns, block.x)
  const drawn = panels.flatMap((panel) => panel.traces.map((trace) => trace.key))
  const isEmpty = drawn.length > 0 && !block.rows.some((row) => drawn.some((key) => typeof row[key] === 'number'))
  const canDraw = panels.length > 0 && block.columns.some((column) => column.key === block.x)

  return (
    <BlockFrame
      title={block.title}
      isEmpty={block.rows.length === 0 || isEmpty}
      aside={canDraw && block.rows.length > 0 && !isEmpty && <ViewSwitch isTable={isTable} onChange={setTable} />}
    >
      {isTable || !canDraw ? (
        <DataTable title={block.title} columns={block.columns} rows={block.rows} />
      ) : (
        <>
          <HiddenTable {...block} />
          <Suspense fallback={panels.map((panel) => <Skeleton key={panel.unit} className="h-64 w-full" />)}>
            <SeriesChart block={block} panels={panels} />
          </Suspense>
        </>
      )}
    </BlockFrame>
  )
}
