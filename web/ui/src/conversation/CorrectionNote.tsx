import { PenLine } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import type { Conversation, Correction } from '@/api/types'
import { Button } from '@/design/Button'
import { useFormat } from '@/format/useFormat'

import { useUndoCorrection } from './useCorrection'

/** What a person put right, beside what the analyser said, and the way back. */
export function CorrectionNote({ conversation, correction }: { conversation: Conversation; correction: Correction }) {
  const { t } = useTranslation()
  const format = useFormat()
  const undo = useUndoCorrection(conversation.id)
  const machine = conversation.machine
  const none = t('conversation.noTheme')
  const answer = (is: boolean | undefined) => t(is ? 'conversation.correction.yes' : 'conversation.correction.no')
  const rows: [string, string, string][] = []
  if (correction.satisfaction !== null) {
    rows.push([t('conversation.satisfaction'), format.count(correction.satisfaction), format.value('rating', machine?.score)])
  }
  if (correction.corrects_theme) rows.push([t('conversation.theme'), correction.theme ?? none, machine?.theme ?? none])
  if (correction.is_resolved !== null) {
    rows.push([t('conversation.correction.resolved'), answer(correction.is_resolved), answer(machine?.is_resolved)])
  }
  const at = format.value('datetime', correction.made_at)

  return (
    <div className="mt-4 rounded-lg border border-mark-line bg-mark-soft px-4 py-3 text-sm">
      <p className="flex items-center gap-2 font-semibold">
        <PenLine aria-hidden="true" className="size-4" />
        {correction.made_by ? t('conversation.correction.by', { name: correction.made_by, at }) : t('conversation.correction.on', { at })}
      </p>
      <ul className="mt-1.5 grid gap-0.5">
        {rows.map(([label, said, before]) => (
          <li key={label}>
            {label}: <strong className="font-semibold">{said}</strong>{' '}
            <span className="text-ink-soft">{t('conversation.correction.machine', { value: before })}</span>
          </li>
        ))}
      </ul>
      {correction.comment && <p className="mt-1.5 break-words text-ink-soft">“{correction.comment}”</p>}
      <p className="mt-1.5 text-xs text-ink-soft">{t(correction.counts ? 'conversation.correction.counts' : 'conversation.correction.beside')}</p>
      {correction.is_outdated && <p className="mt-1 text-xs text-ink-soft">{t('conversation.correction.outdated')}</p>}
      {undo.isError && (
        <p role="alert" className="mt-1.5 text-bad">
          {explainError(undo.error, t, format)}
        </p>
      )}
      {conversation.may_correct && (
        <Button className="mt-2" disabled={undo.isPending} onClick={() => undo.mutate()}>
          {t('conversation.correction.undo')}
        </Button>
      )}
    </div>
  )
}
