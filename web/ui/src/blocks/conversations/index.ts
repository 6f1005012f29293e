import * as v from 'valibot'

import { defineBlock } from '../kind'
import { rowed, rows } from '../shape'
import { ConversationsView } from './ConversationsView'

export const conversationsBlock = defineBlock(
  v.object({
    kind: v.literal('conversations'),
    ...rowed,
    total: v.number(),
    rows: v.pipe(
      rows,
      v.check((list) => list.every((row) => typeof row.conversation_id === 'string')),
    ),
  }),
  ConversationsView,
)
