/** The shapes that several kinds of block share, checked where they come in: a block that does not hold is told, not drawn. */
import * as v from 'valibot'

export const unit = v.picklist(['count', 'rating', 'percent', 'score', 'seconds', 'text', 'date', 'datetime', 'hour', 'weekday'])
const cell = v.union([v.string(), v.pipe(v.number(), v.finite()), v.boolean(), v.null()])
const figureNumber = v.nullable(v.pipe(v.number(), v.finite()))

export const column = v.object({ key: v.string(), label: v.string(), unit })
export const columns = v.pipe(v.array(column), v.minLength(1))
export const rows = v.array(v.record(v.string(), cell))

export const figure = v.object({
  metric: v.string(),
  label: v.string(),
  unit,
  value: figureNumber,
  previous: v.optional(figureNumber, null),
  change: v.optional(figureNumber, null),
  base: v.number(),
  better: v.optional(v.nullable(v.picklist(['up', 'down'])), null),
})

/** What every block with rows has. */
export const rowed = { title: v.string(), columns, rows }

export type Figure = v.InferOutput<typeof figure>
export type BlockColumn = v.InferOutput<typeof column>
export type BlockRow = v.InferOutput<typeof rows>[number]
