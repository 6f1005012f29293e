import { useTranslation } from 'react-i18next'

import type { Conversation } from '@/api/types'
import { SatisfactionMark } from '@/design/SatisfactionMark'
import { useFormat } from '@/format/useFormat'

import { StatusWord } from './StatusWord'

/** Who, where, about what, how fast and how it ended; and of the satisfaction, who says so. */
export function ConversationHead({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { contact, agent, channel, theme, status, satisfaction, rating, score, first_response_seconds, analyser, analyser_version, correction, messages } = conversation
  const isCorrected = correction !== null && correction.satisfaction !== null && correction.counts
  const facts: [string, string][] = [
    [t('conversation.agent'), agent ?? t('conversation.noAgent')],
    [t('conversation.channel'), channel],
    [t('conversation.theme'), theme ?? t('conversation.noTheme')],
    [t('conversation.firstResponse'), first_response_seconds === null ? t('conversation.noResponse') : format.duration(first_response_seconds)],
  ]

  return (
    <header>
      <h2 className="font-display text-xl leading-tight font-semibold break-words">{contact}</h2>
      <p className="mt-1 flex flex-wrap items-center gap-x-3 text-xs text-ink-soft">
        <StatusWord status={status} />
        <span className="tabular-nums">
          {format.period(format.dayOf(new Date(conversation.started_at)), format.dayOf(new Date(conversation.last_message_at)))}
        </span>
        <span className="tabular-nums">{t('conversation.messages', { count: messages.length, n: format.count(messages.length) })}</span>
      </p>
      <dl className="mt-3 grid grid-cols-2 gap-x-4 gap-y-2 text-sm">
        {facts.map(([label, value]) => (
          <div key={label} className="min-w-0">
            <dt className="text-xs text-ink-faint">{label}</dt>
            <dd className="truncate font-medium tabular-nums">{value}</dd>
          </div>
        ))}
        <div className="col-span-2">
          <dt className="text-xs text-ink-faint">{t('conversation.satisfaction')}</dt>
          <dd className="flex flex-wrap items-baseline gap-x-2.5">
            {satisfaction === null ? (
              <span className="text-ink-soft">{t('conversation.notAnalysed')}</span>
            ) : (
              <>
                <SatisfactionMark value={satisfaction} />
                <span className="text-xs text-ink-soft tabular-nums" title={rating === null ? [analyser, analyser_version].filter(Boolean).join(' ') : undefined}>
                  {isCorrected
                    ? t('conversation.corrected', { score: format.value('rating', score) })
                    : rating === null
                      ? t('conversation.predicted', { score: format.value('rating', score) })
                      : t('conversation.rated')}
                </span>
              </>
            )}
          </dd>
        </div>
      </dl>
    </header>
  )
}
