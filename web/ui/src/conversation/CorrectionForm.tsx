import { useEffect, useId, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import type { Conversation, CorrectionChange } from '@/api/types'
import { Button } from '@/design/Button'
import { useFormat } from '@/format/useFormat'

import { useCorrect } from './useCorrection'

const NOTES = [1, 2, 3, 4, 5]
const LONGEST_COMMENT = 500

/** Say what is right: only what differs from what the analyser, or the customer, said is sent. */
export function CorrectionForm({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const id = useId()
  const save = useCorrect(conversation.id)
  const first = useRef<HTMLInputElement>(null)
  const { correction, machine, rating, themes } = conversation
  const before = { satisfaction: rating ?? machine?.satisfaction ?? null, theme: machine?.theme ?? '', resolved: machine?.is_resolved ?? false }
  const [satisfaction, setSatisfaction] = useState(correction?.satisfaction ?? before.satisfaction)
  const [theme, setTheme] = useState(correction?.corrects_theme ? (correction.theme ?? '') : before.theme)
  const [resolved, setResolved] = useState(correction?.is_resolved ?? before.resolved)
  const [comment, setComment] = useState(correction?.comment ?? '')
  const [isUnchanged, setUnchanged] = useState(false)

  useEffect(() => first.current?.focus(), [])

  function submit(event: FormEvent) {
    event.preventDefault()
    const change: CorrectionChange = {}
    if (satisfaction !== null && satisfaction !== before.satisfaction) change.satisfaction = satisfaction
    if (theme !== before.theme) change.theme = theme || null
    if (resolved !== before.resolved) change.resolved = resolved
    setUnchanged(Object.keys(change).length === 0)
    if (Object.keys(change).length > 0) save.mutate({ ...change, comment: comment.trim() }, { onSuccess: onClose })
  }

  const choices = [...new Set(['', ...themes, before.theme, theme])]
  const focused = satisfaction ?? NOTES[0]
  return (
    <form onSubmit={submit} noValidate aria-label={t('conversation.correction.title')} className="mt-4 grid gap-4 rounded-lg border border-line bg-sheet p-4">
      <fieldset>
        <legend className="text-sm font-semibold">{t('conversation.satisfaction')}</legend>
        <div className="mt-1.5 flex gap-2">
          {NOTES.map((note) => (
            <label
              key={note}
              className="relative grid size-10 cursor-pointer place-items-center rounded-md border border-line bg-raised text-sm font-semibold tabular-nums has-checked:border-brand has-checked:bg-brand has-checked:text-on-brand has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brand"
            >
              <input
                ref={note === focused ? first : undefined}
                type="radio"
                name={`${id}-satisfaction`}
                value={note}
                checked={note === satisfaction}
                onChange={() => setSatisfaction(note)}
                className="absolute inset-0 cursor-pointer opacity-0"
              />
              <span aria-hidden="true">{note}</span>
              <span className="sr-only">{t('value.satisfaction', { value: note })}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <label className="grid gap-1 text-sm font-semibold">
        {t('conversation.theme')}
        <select value={theme} onChange={(event) => setTheme(event.target.value)} className="min-h-10 rounded-md border border-line bg-raised px-2 font-normal">
          {choices.map((name) => (
            <option key={name} value={name}>
              {name || t('conversation.noTheme')}
            </option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend className="text-sm font-semibold">{t('conversation.correction.resolved')}</legend>
        <div className="mt-1 flex gap-5">
          {[true, false].map((is) => (
            <label key={String(is)} className="inline-flex min-h-8 cursor-pointer items-center gap-2 text-sm">
              <input type="radio" name={`${id}-resolved`} checked={resolved === is} onChange={() => setResolved(is)} className="size-4 accent-brand" />
              {t(is ? 'conversation.correction.yes' : 'conversation.correction.no')}
            </label>
          ))}
        </div>
      </fieldset>
      <label className="grid gap-1 text-sm font-semibold">
        {t('conversation.correction.comment')}
        <textarea
          value={comment}
          maxLength={LONGEST_COMMENT}
          rows={2}
          onChange={(event) => setComment(event.target.value)}
          className="rounded-md border border-line bg-raised px-3 py-2 font-normal"
        />
      </label>
      {(isUnchanged || save.isError) && (
        <p role="alert" className="text-sm text-bad">
          {save.isError ? explainError(save.error, t, format) : t('conversation.correction.nothing')}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={save.isPending}>
          {t('conversation.correction.save')}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}
