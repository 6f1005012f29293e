import { conversationsBlock } from './conversations'
import { driversBlock } from './drivers'
import type { BlockKind } from './kind'
import { messagesBlock } from './messages'
import { numberBlock } from './number'
import { seriesBlock } from './series'
import { tableBlock } from './table'
import { themesBlock } from './themes'

/** Every kind of block that an answer may hold, by its name in the API. */
export const BLOCK_KINDS: Readonly<Record<string, BlockKind>> = {
  number: numberBlock,
  table: tableBlock,
  series: seriesBlock,
  drivers: driversBlock,
  themes: themesBlock,
  messages: messagesBlock,
  conversations: conversationsBlock,
}
