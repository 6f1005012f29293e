import * as v from 'valibot'

import { defineBlock } from '../kind'
import { figure, rowed } from '../shape'
import { DriversView } from './DriversView'

const deeper = v.object({ ...rowed, figure })

export const driversBlock = defineBlock(
  v.object({ kind: v.literal('drivers'), ...rowed, figure, told: v.optional(v.string(), ''), deeper: v.optional(v.nullable(deeper), null) }),
  DriversView,
)
