import { memo, type ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { safeParse } from 'valibot'

import type { WireBlock } from '@/api/types'
import { ErrorBoundary } from '@/app/ErrorBoundary'

import { BLOCK_KINDS } from './registry'

/** Draws a block of any kind. What does not have the shape of its kind, or fails while drawn, is told in its place. */
export const BlockView = memo(function BlockView({ block }: { block: WireBlock }) {
  const kind = Object.hasOwn(BLOCK_KINDS, block.kind) ? BLOCK_KINDS[block.kind] : undefined
  const checked = kind ? safeParse(kind.schema, block) : null
  if (!kind || !checked?.success) return <BlockProblem title={block.title} reason="invalid" />

  const View = kind.View as ComponentType<{ block: unknown }>
  return (
    <ErrorBoundary fallback={<BlockProblem title={block.title} reason="broken" />}>
      <View block={checked.output} />
    </ErrorBoundary>
  )
})

function BlockProblem({ title, reason }: { title?: string; reason: 'invalid' | 'broken' }) {
  const { t } = useTranslation()
  return (
    <div role="alert" className="rounded-lg border border-dashed border-line-strong px-4 py-3 text-sm text-ink-soft">
      {typeof title === 'string' && title && <p className="font-semibold text-ink">{title}</p>}
      <p>{t(`block.${reason}`)}</p>
    </div>
  )
}
