import { ArrowUpRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Citation } from '@/api/types'
import { ConversationLink } from '@/conversation/ConversationLink'
import { useFormat } from '@/format/useFormat'

const FEW = 3

/** The messages behind the answer, each a way into its conversation. */
export function Citations({ citations }: { citations: Citation[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? citations : citations.slice(0, FEW)
  const hidden = citations.length - shown.length

  return (
    <section role="group" aria-label={t('turn.citations')} className="animate-arrive">
      <h3 className="eyebrow pb-2">{t('turn.citations')}</h3>
      <ol className="grid">
        {shown.map((citation, index) => (
          <li key={citation.message_id} className="border-b border-line last:border-0">
            <ConversationLink
              conversationId={citation.conversation_id}
              messageId={citation.message_id}
              className="group grid grid-cols-[1.5rem_1fr_auto] items-baseline gap-x-1 rounded-sm py-2.5"
            >
              <span aria-hidden="true" className="text-xs text-ink-faint tabular-nums">
                {index + 1}
              </span>
              <span className="min-w-0">
                <q className="stroke line-clamp-3 text-base [quotes:'“'_'”'] group-hover:stroke-drawn group-focus-visible:stroke-drawn">{citation.text}</q>
                <span className="mt-0.5 block text-xs text-ink-soft">
                  {citation.author} · <time dateTime={citation.sent_at}>{format.dateTime(citation.sent_at)}</time>
                  <span className="sr-only">. {t('turn.open', { author: citation.author })}</span>
                </span>
              </span>
              <ArrowUpRight aria-hidden="true" className="size-4 self-center text-ink-faint transition-colors group-hover:text-ink" />
            </ConversationLink>
          </li>
        ))}
      </ol>
      {hidden > 0 && (
        <button type="button" className="mt-1 min-h-9 text-sm font-semibold text-brand underline-offset-4 hover:underline" onClick={() => setWhole(true)}>
          {t('turn.moreCitations', { count: hidden, n: format.count(hidden) })}
        </button>
      )}
    </section>
  )
}
