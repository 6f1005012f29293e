import { MessageSquareQuote } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Conversation } from '@/api/types'
import { Button } from '@/design/Button'
import { useFormat } from '@/format/useFormat'

import { CorrectionForm } from './CorrectionForm'
import { CorrectionNote } from './CorrectionNote'
import { namePart } from './parts'
import { ScoreStairs } from './ScoreStairs'

interface WhyPanelProps {
  id: string
  conversation: Conversation
  /** Brings a message into view. */
  onJump: (messageId: string) => void
}

/** Why this score: its parts, the messages that decided it, and the way to disagree. */
export function WhyPanel({ id, conversation, onJump }: WhyPanelProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const [isCorrecting, setCorrecting] = useState(false)
  const { parts, score, rating, deciding, messages, analyser, analyser_version, analysed_at, correction, may_correct } = conversation
  const texts = new Map(messages.map((message) => [message.id, message.text || message.attachment || '']))

  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      tabIndex={0}
      className="scroll-quiet max-h-[54dvh] shrink-0 overflow-y-auto overscroll-contain border-b border-line bg-raised px-5 py-4"
    >
      <h3 id={`${id}-title`} className="font-semibold">
        {t('conversation.why.title')}
      </h3>
      {rating !== null && <p className="mt-1 text-sm text-ink-soft">{t('conversation.why.rated', { rating: format.count(rating) })}</p>}
      {parts.length > 0 && score !== null ? (
        <ScoreStairs parts={parts} score={score} />
      ) : (
        <p className="mt-1 text-sm text-ink-soft">{t('conversation.why.noParts')}</p>
      )}
      {deciding.length > 0 && (
        <>
          <h4 className="mt-3 text-sm font-semibold">{t('conversation.why.messages')}</h4>
          <ul className="mt-1.5 grid gap-1">
            {deciding.map(({ message_id, part }) => (
              <li key={message_id} className="min-w-0">
                <button
                  type="button"
                  onClick={() => onJump(message_id)}
                  className="flex w-full items-start gap-2 rounded-md px-2 py-1.5 text-left text-sm hover:bg-ink/6"
                >
                  <MessageSquareQuote aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-faint" />
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{texts.get(message_id)}</span>
                    <span className="block text-xs text-ink-soft">{namePart(t, part)}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {correction && <CorrectionNote conversation={conversation} correction={correction} />}
      {isCorrecting ? (
        <CorrectionForm conversation={conversation} onClose={() => setCorrecting(false)} />
      ) : (
        <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
          {may_correct && score !== null && (
            <Button onClick={() => setCorrecting(true)}>{t('conversation.correction.disagree')}</Button>
          )}
          {analyser && analysed_at && (
            <p className="text-xs text-ink-faint">
              {t('conversation.why.version', { analyser, version: analyser_version ?? '', at: format.value('datetime', analysed_at) })}
            </p>
          )}
        </div>
      )}
    </section>
  )
}
