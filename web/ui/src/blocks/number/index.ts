import * as v from 'valibot'

import { defineBlock } from '../kind'
import { figure } from '../shape'
import { NumberView } from './NumberView'

export const numberBlock = defineBlock(
  v.object({ kind: v.literal('number'), title: v.string(), figures: v.pipe(v.array(figure), v.minLength(1)) }),
  NumberView,
)
