import * as v from 'valibot'

import { defineBlock } from '../kind'
import { figure, rowed } from '../shape'
import { DriversView } from './DriversView'

export const driversBlock = defineBlock(v.object({ kind: v.literal('drivers'), ...rowed, figure }), DriversView)
