import { useTranslation } from 'react-i18next'

import { ConversationLink } from '@/conversation/ConversationLink'
import { cx } from '@/design/cx'
import { Feeling } from '@/design/Feeling'
import { useFormat } from '@/format/useFormat'

import { BlockFrame } from '../BlockFrame'
import { ListCount, ListTail } from '../ListTail'
import { useMore } from '../useMore'
import type { MessageRow } from './index'

const HELPING = 6
const EDGES: Record<string, string> = { positive: 'border-scale-5', neutral: 'border-scale-3', negative: 'border-scale-1' }

/** Messages to read, each as its customer wrote it; one press opens the conversation around it. */
export function MessagesView({ block: { title, total, rows } }: { block: { title: string; total: number; rows: MessageRow[] } }) {
  const { shown, hidden, showMore } = useMore(rows, HELPING)
  return (
    <BlockFrame title={title} isEmpty={rows.length === 0} aside={rows.length > 0 && <ListCount came={rows.length} total={total} />}>
      <ul className="grid gap-3">
        {shown.map((row) => (
          <li key={row.message_id}>
            <Quote row={row} />
          </li>
        ))}
      </ul>
      <ListTail hidden={hidden} onMore={showMore} />
    </BlockFrame>
  )
}

function Quote({ row }: { row: MessageRow }) {
  const { t } = useTranslation()
  const format = useFormat()
  const isAgent = row.author === 'agent'
  const agent = !isAgent && row.agent ? `${t('conversation.agent')}: ${row.agent}` : null
  const people = [row.author_name || row.contact, isAgent && row.contact, agent, row.theme, row.channel].filter(Boolean).join(' · ')
  return (
    <ConversationLink
      conversationId={row.conversation_id}
      messageId={row.message_id}
      className={cx('group block rounded-r-lg border-l-[3px] bg-sunk py-2.5 pr-4 pl-4 transition-colors hover:bg-brand-soft', EDGES[row.sentiment ?? ''] ?? 'border-line-strong')}
    >
      <span className="block text-base break-words whitespace-pre-line">{row.text || '–'}</span>
      <span className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-ink-soft">
        <Feeling sentiment={row.sentiment} emotion={row.emotion} tone={row.tone} />
        <span>{people}</span>
        {row.sent_at && (
          <time dateTime={row.sent_at} className="tabular-nums">
            {format.value('datetime', row.sent_at)}
          </time>
        )}
        <span className="sr-only">. {t('block.openConversation')}</span>
      </span>
    </ConversationLink>
  )
}
