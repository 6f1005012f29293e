import { useEffect, useId, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import { REASONS, type Feedback, type Reason } from '@/api/trust'
import { Button } from '@/design/Button'
import { useFormat } from '@/format/useFormat'

import type { useJudge } from './useJudge'

const LONGEST = 500

interface FeedbackFormProps {
  feedback: Feedback
  judge: ReturnType<typeof useJudge>
  onClose: () => void
}

/** Why the thumb: what was wrong, and in one's own words. The thumb itself is kept already. */
export function FeedbackForm({ feedback, judge, onClose }: FeedbackFormProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const [reason, setReason] = useState<Reason | null>(feedback.reason)
  const [comment, setComment] = useState(feedback.comment)
  const { is_good } = feedback

  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea')?.focus(), [])

  function submit(event: FormEvent) {
    event.preventDefault()
    judge.mutate({ is_good, reason: is_good ? null : reason, comment: comment.trim() }, { onSuccess: onClose })
  }

  return (
    <form ref={form} onSubmit={submit} aria-label={t(is_good ? 'feedback.good' : 'feedback.bad')} className="grid gap-3 rounded-lg border border-line bg-raised p-4">
      {!is_good && (
        <fieldset>
          <legend className="text-sm font-semibold">{t('feedback.why')}</legend>
          <div className="mt-1 flex flex-wrap gap-x-5">
            {REASONS.map((one) => (
              <label key={one} className="inline-flex min-h-9 cursor-pointer items-center gap-2 text-sm">
                <input type="radio" name={`${id}-reason`} checked={reason === one} onChange={() => setReason(one)} className="size-4 accent-brand" />
                {t(`feedback.reasons.${one}`)}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <label className="grid gap-1 text-sm font-semibold">
        {t('feedback.comment')}
        <textarea
          value={comment}
          rows={2}
          maxLength={LONGEST}
          onChange={(event) => setComment(event.target.value)}
          className="rounded-md border border-line bg-sheet px-3 py-2 font-normal"
        />
      </label>
      {judge.isError && (
        <p role="alert" className="text-sm text-bad">
          {explainError(judge.error, t, format)}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={judge.isPending}>
          {t('feedback.send')}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t('close')}
        </Button>
      </div>
    </form>
  )
}
