import { useEffect, useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import type { Phone } from '@/api/types'
import { Field } from '@/auth/Field'
import { Button } from '@/design/Button'
import { useFormat } from '@/format/useFormat'

import { useAddPhone, useRemovePhone, useVerifyPhone, writePhone } from './useWhatsApp'

const ON_ITS_WAY = new Set(['waiting', 'sending', null])

/** Enter the code that was sent to a phone; says how far it got, so that nobody waits for one that never comes. */
export function CodeForm({ phone }: { phone: Phone }) {
  const { t } = useTranslation()
  const format = useFormat()
  const verify = useVerifyPhone()
  const again = useAddPhone()
  const remove = useRemovePhone()
  const [missing, setMissing] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const number = writePhone(phone.phone)

  useEffect(() => input.current?.focus(), [])

  function submit(event: FormEvent) {
    event.preventDefault()
    const code = input.current?.value.replaceAll(/\D/g, '') ?? ''
    setMissing(code.length === 6 ? '' : t('whatsapp.codeMissing'))
    if (code.length === 6) verify.mutate({ phone: phone.phone, code }, { onError: () => input.current?.select() })
    else input.current?.focus()
  }

  const state = phone.code_state === 'failed' ? 'failed' : ON_ITS_WAY.has(phone.code_state) ? 'waiting' : 'sent'
  const failed = [verify, again, remove].find((change) => change.isError)
  return (
    <form onSubmit={submit} noValidate className="mt-5 grid gap-3 rounded-lg border border-line bg-raised p-4">
      <p role="status" className={state === 'failed' ? 'text-sm text-bad' : 'text-sm text-ink-soft'}>
        {t(`whatsapp.code.${state}`, { phone: number })}
      </p>
      <Field
        ref={input}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={11}
        label={t('whatsapp.codeLabel')}
        problem={missing || (failed ? explainError(failed.error, t, format) : undefined)}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" disabled={verify.isPending}>
          {t('whatsapp.confirm')}
        </Button>
        <Button look="quiet" disabled={again.isPending} onClick={() => again.mutate(phone.phone)}>
          {t('whatsapp.again')}
        </Button>
        <Button look="quiet" disabled={remove.isPending} onClick={() => remove.mutate(phone.id)}>
          {t('whatsapp.otherPhone')}
        </Button>
      </div>
    </form>
  )
}
