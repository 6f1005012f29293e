import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import { Button } from '@/design/Button'
import { useFormat } from '@/format/useFormat'

import { useVerify } from './useVerified'

const LONGEST = 300

interface VerifyFormProps {
  threadId: string | null
  turnId: string
  question: string
  onClose: () => void
}

/** Vouch for the answer's plan: under its own words, or in full where they need those before them. */
export function VerifyForm({ threadId, turnId, question, onClose }: VerifyFormProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const input = useRef<HTMLInputElement>(null)
  const [words, setWords] = useState(question.slice(0, LONGEST))
  const verify = useVerify(threadId, turnId)

  useEffect(() => input.current?.focus(), [])

  function submit(event: FormEvent) {
    event.preventDefault()
    if (words.trim()) verify.mutate(words.trim(), { onSuccess: onClose })
  }

  return (
    <form onSubmit={submit} aria-label={t('verified.title')} className="grid gap-3 rounded-lg border border-line bg-raised p-4">
      <p className="text-sm text-ink-soft">{t('verified.hint')}</p>
      <label className="grid gap-1 text-sm font-semibold">
        {t('verified.question')}
        <input
          ref={input}
          value={words}
          maxLength={LONGEST}
          onChange={(event) => setWords(event.target.value)}
          className="min-h-10 rounded-md border border-line bg-sheet px-3 font-normal"
        />
      </label>
      {verify.isError && (
        <p role="alert" className="text-sm text-bad">
          {explainError(verify.error, t, format)}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={verify.isPending || !words.trim()}>
          {t('verified.save')}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}
