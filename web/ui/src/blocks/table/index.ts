import * as v from 'valibot'

import { defineBlock } from '../kind'
import { rowed } from '../shape'
import { TableView } from './TableView'

export const tableBlock = defineBlock(v.object({ kind: v.literal('table'), ...rowed }), TableView)
