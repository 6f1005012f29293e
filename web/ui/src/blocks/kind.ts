import type { ComponentType } from 'react'
import type { GenericSchema } from 'valibot'

/** One kind of block: what it must look like, and what draws it. */
export interface BlockKind {
  schema: GenericSchema<unknown, unknown>
  View: ComponentType<{ block: never }>
}

/** Ties a view to the schema whose output it draws. */
export function defineBlock<Block>(schema: GenericSchema<unknown, Block>, View: ComponentType<{ block: Block }>): BlockKind {
  return { schema, View: View as ComponentType<{ block: never }> }
}
