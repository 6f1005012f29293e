import { ChevronRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { ConversationLink } from '@/conversation/ConversationLink'
import { StatusWord } from '@/conversation/StatusWord'
import { SatisfactionMark } from '@/design/SatisfactionMark'
import { useFormat } from '@/format/useFormat'

import { BlockFrame } from '../BlockFrame'
import { ListCount, ListTail } from '../ListTail'
import type { BlockColumn, BlockRow } from '../shape'
import { useMore } from '../useMore'

const HELPING = 10

interface ConversationsBlock {
  title: string
  total: number
  columns: BlockColumn[]
  rows: BlockRow[]
}

/** Conversations to open: who, about what, how it went. */
export function ConversationsView({ block }: { block: ConversationsBlock }) {
  const { shown, hidden, showMore } = useMore(block.rows, HELPING)
  return (
    <BlockFrame title={block.title} isEmpty={block.rows.length === 0} aside={block.rows.length > 0 && <ListCount came={block.rows.length} total={block.total} />}>
      <ul>
        {shown.map((row) => (
          <li key={String(row.conversation_id)} className="border-b border-line last:border-0">
            <ConversationRow row={row} columns={block.columns} />
          </li>
        ))}
      </ul>
      <ListTail hidden={hidden} onMore={showMore} />
    </BlockFrame>
  )
}

function ConversationRow({ row, columns }: { row: BlockRow; columns: BlockColumn[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const contact = typeof row.contact === 'string' ? row.contact : '–'
  const about = columns.filter((column) => column.unit === 'text' && !['contact', 'status', 'excerpt'].includes(column.key))
  const moment = columns.find((column) => column.unit === 'datetime' || column.unit === 'date')
  const details = columns.filter(({ unit }) => unit === 'seconds' || unit === 'count' || unit === 'score')

  return (
    <ConversationLink
      conversationId={String(row.conversation_id)}
      className="group grid grid-cols-[minmax(0,1fr)_auto_1rem] items-center gap-x-3 rounded-sm py-3"
    >
      <span className="min-w-0">
        <span className="block truncate text-sm font-semibold">
          <span className="stroke group-hover:stroke-drawn group-focus-visible:stroke-drawn">{contact}</span>
        </span>
        {typeof row.excerpt === 'string' && row.excerpt && <q className="line-clamp-1 text-sm text-ink [quotes:'“'_'”']">{row.excerpt}</q>}
        <span className="mt-0.5 block truncate text-xs text-ink-soft">
          {about
            .map((column) => row[column.key])
            .filter(Boolean)
            .join(' · ')}
        </span>
        {(moment || details.length > 0) && (
          <span className="block text-xs text-ink-faint tabular-nums">
            {[moment && format.value(moment.unit, row[moment.key]), ...details.map((column) => row[column.key] !== null && `${column.label} ${format.value(column.unit, row[column.key])}`)]
              .filter(Boolean)
              .join(' · ')}
          </span>
        )}
      </span>
      <span className="grid justify-items-end gap-1 text-sm">
        {typeof row.satisfaction === 'number' && <SatisfactionMark value={row.satisfaction} />}
        {typeof row.status === 'string' && <StatusWord status={row.status} />}
      </span>
      <ChevronRight aria-hidden="true" className="size-4 text-ink-faint transition-transform group-hover:translate-x-0.5 group-hover:text-ink" />
      <span className="sr-only">{t('block.openConversationOf', { contact })}</span>
    </ConversationLink>
  )
}
