import * as v from 'valibot'

import { defineBlock } from '../kind'
import { rowed } from '../shape'
import { SeriesView } from './SeriesView'

export const seriesBlock = defineBlock(
  v.object({ kind: v.literal('series'), ...rowed, x: v.string(), chart: v.picklist(['line', 'bar']) }),
  SeriesView,
)
