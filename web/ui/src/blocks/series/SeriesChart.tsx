import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Bar, BarChart, CartesianGrid, Cell, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

import type { Cell as Value } from '@/api/types'
import { satisfactionInk } from '@/design/satisfaction'
import { useFormat } from '@/format/useFormat'

import { translateWord } from '../words'
import { ChartTooltip } from './ChartTooltip'
import { INKS } from './inks'
import { Legend } from './Legend'
import { chooseAxis, listPoints, openEnd, type Panel, type Point } from './panels'
import type { SeriesBlock } from './SeriesView'

const TICK = { fill: 'var(--ink-faint)', fontSize: 11.5, fontFamily: 'var(--font-sans)' }

/** Every drawing of a series, one below the other, with the same steps along the bottom. */
export default function SeriesChart({ block, panels }: { block: SeriesBlock; panels: Panel[] }) {
  return (
    <div className="grid gap-6">
      {panels.map((panel) => (
        <PanelChart key={panel.unit} block={block} panel={panel} />
      ))}
    </div>
  )
}

/** Colours of the bars' own: a bar for a point of the satisfaction scale wears that point's colour. */
function inkOf(block: SeriesBlock, panel: Panel, point: Point, trace: string): string | null {
  if (panel.traces.length > 1) return null
  const x = point[block.x] ?? null
  // The API calls the column of the scale `note` where `satisfaction` is the measure itself.
  if ((block.x === 'satisfaction' || block.x === 'note') && typeof x === 'number') return satisfactionInk(x)
  const value = point[trace] ?? point[openEnd(trace)]
  return panel.unit === 'rating' && typeof value === 'number' ? satisfactionInk(value) : null
}

function PanelChart({ block, panel }: { block: SeriesBlock; panel: Panel }) {
  const { t } = useTranslation()
  const format = useFormat()
  const isLine = block.chart === 'line'
  const keys = panel.traces.map((trace) => trace.key)
  const points = useMemo(() => listPoints(block.rows, keys, isLine), [block.rows, keys.join(), isLine]) // eslint-disable-line react-hooks/exhaustive-deps
  const axis = useMemo(() => {
    const drawn = panel.traces.flatMap((trace) => [trace.key, ...(trace.previousKey ? [trace.previousKey] : [])])
    const values = block.rows.flatMap((row) => drawn.map((key) => row[key]))
    return chooseAxis(panel.unit, values.filter((value) => typeof value === 'number'), isLine)
  }, [block.rows, panel, isLine])
  const xColumn = block.columns.find((column) => column.key === block.x)
  const nameX = (value: Value) => translateWord(t, block.x, value) ?? String(value)
  const tickX = (value: Value) => (xColumn && xColumn.unit !== 'text' ? format.axis(xColumn.unit, value, block.x) : nameX(value))
  const fullX = (value: Value) => (xColumn && xColumn.unit !== 'text' ? format.value(xColumn.unit, value, { key: block.x }) : nameX(value))
  const hasOpenEnd = block.rows.some((row) => row.partial === true)

  const shared = (
    <>
      <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
      <XAxis
        dataKey={block.x}
        tickFormatter={tickX}
        tick={TICK}
        tickLine={false}
        axisLine={{ stroke: 'var(--line-strong)' }}
        minTickGap={18}
        interval={isLine ? 'preserveStartEnd' : 'equidistantPreserveStart'}
        padding={isLine ? { left: 12, right: 12 } : undefined}
      />
      <YAxis
        domain={axis.domain}
        ticks={axis.ticks}
        tickFormatter={(value: number) => format.axis(panel.unit, value)}
        tick={TICK}
        tickLine={false}
        axisLine={false}
        width="auto"
      />
      <Tooltip
        isAnimationActive={false}
        cursor={isLine ? { stroke: 'var(--line-strong)', strokeDasharray: '2 3' } : { fill: 'var(--ink)', fillOpacity: 0.05 }}
        content={({ active, payload }) =>
          active && payload?.[0] ? <ChartTooltip point={payload[0].payload as Point} panel={panel} x={block.x} nameX={fullX} /> : null
        }
      />
    </>
  )
  const data = points as Record<string, unknown>[]
  const frame = { data, margin: { top: 8, right: 8, bottom: 0, left: 0 }, accessibilityLayer: false }

  return (
    <figure aria-hidden="true">
      <Legend panel={panel} hasOpenEnd={hasOpenEnd} />
      <div className="h-60">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 240 }}>
          {isLine ? (
            <LineChart {...frame}>
              {shared}
              {panel.traces.flatMap((trace, index) => drawLines(trace.key, trace.previousKey, INKS[index % INKS.length]!, data.length))}
            </LineChart>
          ) : (
            <BarChart {...frame} barCategoryGap="24%" barGap={2}>
              {shared}
              {panel.traces.flatMap((trace, index) => {
                const ink = INKS[index % INKS.length]!
                const bars = [
                  <Bar key={trace.key} dataKey={trace.key} stackId={trace.key} fill={ink} radius={[3, 3, 0, 0]} maxBarSize={38} isAnimationActive={false}>
                    {points.map((point, place) => (
                      <Cell key={place} fill={inkOf(block, panel, point, trace.key) ?? ink} />
                    ))}
                  </Bar>,
                  <Bar
                    key={openEnd(trace.key)}
                    dataKey={openEnd(trace.key)}
                    stackId={trace.key}
                    fill={ink}
                    fillOpacity={0.28}
                    stroke={ink}
                    strokeDasharray="3 3"
                    radius={[3, 3, 0, 0]}
                    maxBarSize={38}
                    isAnimationActive={false}
                  />,
                ]
                const before = trace.previousKey && (
                  <Bar key={trace.previousKey} dataKey={trace.previousKey} fill="var(--line-strong)" fillOpacity={0.55} radius={[3, 3, 0, 0]} maxBarSize={38} isAnimationActive={false} />
                )
                return before ? [before, ...bars] : bars
              })}
            </BarChart>
          )}
        </ResponsiveContainer>
      </div>
    </figure>
  )
}

function drawLines(key: string, previousKey: string | null, ink: string, points: number) {
  const dot = points <= 31 ? { r: 2.6, fill: ink, strokeWidth: 0 } : false
  const shared = { type: 'linear' as const, isAnimationActive: false, connectNulls: false }
  return [
    previousKey && (
      <Line key={previousKey} {...shared} dataKey={previousKey} stroke="var(--line-strong)" strokeWidth={1.6} strokeDasharray="1.5 4" strokeLinecap="round" dot={false} activeDot={false} />
    ),
    <Line key={openEnd(key)} {...shared} dataKey={openEnd(key)} stroke={ink} strokeWidth={2} strokeDasharray="4 4" dot={{ r: 3.2, fill: 'var(--sheet)', stroke: ink, strokeWidth: 2, strokeDasharray: '0' }} activeDot={false} />,
    <Line key={key} {...shared} dataKey={key} stroke={ink} strokeWidth={2.2} dot={dot} activeDot={{ r: 5, fill: ink, stroke: 'var(--sheet)', strokeWidth: 2 }} />,
  ]
}
