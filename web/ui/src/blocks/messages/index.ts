import * as v from 'valibot'

import { defineBlock } from '../kind'
import { columns } from '../shape'
import { MessagesView } from './MessagesView'

const text = v.optional(v.nullable(v.string()), null)

export const messageRow = v.object({
  message_id: v.string(),
  conversation_id: v.string(),
  text,
  author: text,
  author_name: text,
  contact: text,
  agent: text,
  channel: text,
  theme: text,
  sent_at: text,
  sentiment: text,
  emotion: text,
  tone: text,
})

export type MessageRow = v.InferOutput<typeof messageRow>

export const messagesBlock = defineBlock(
  v.object({ kind: v.literal('messages'), title: v.string(), total: v.number(), columns, rows: v.array(messageRow) }),
  MessagesView,
)
