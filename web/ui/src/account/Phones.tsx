import { Check, Smartphone, Trash2 } from 'lucide-react'
import { useRef, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import type { Phone } from '@/api/types'
import { Field } from '@/auth/Field'
import { Button, IconButton } from '@/design/Button'
import { useFormat } from '@/format/useFormat'

import { CodeForm } from './CodeForm'
import { findPending, useAddPhone, usePhones, useRemovePhone, writePhone } from './useWhatsApp'

/** The person's own phones: each is proven by a code that is sent to it. */
export function Phones() {
  const { t } = useTranslation()
  const format = useFormat()
  const [isWaiting, setWaiting] = useState(false)
  const phones = usePhones(isWaiting)
  const pending = findPending(phones.data)
  const proven = phones.data?.items.filter((item) => item.verified_at !== null) ?? []
  if (isWaiting !== (pending !== undefined)) setWaiting(pending !== undefined)

  return (
    <section aria-labelledby="phones-title">
      <h3 id="phones-title" className="font-semibold">
        {t('whatsapp.phones')}
      </h3>
      <p className="mt-1 text-sm text-ink-soft">
        {proven.length > 0 && phones.data?.write_to
          ? t('whatsapp.writeTo', { phone: writePhone(phones.data.write_to) })
          : t('whatsapp.phonesHint')}
      </p>
      {phones.isError && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {explainError(phones.error, t, format)}
        </p>
      )}
      {proven.length > 0 && (
        <ul className="mt-4 divide-y divide-line rounded-lg border border-line bg-raised">
          {proven.map((phone) => (
            <PhoneItem key={phone.id} phone={phone} />
          ))}
        </ul>
      )}
      {pending ? <CodeForm key={pending.id} phone={pending} /> : <AddPhone />}
    </section>
  )
}

function PhoneItem({ phone }: { phone: Phone }) {
  const { t } = useTranslation()
  const format = useFormat()
  const remove = useRemovePhone()
  const [isAsked, setAsked] = useState(false)
  const number = writePhone(phone.phone)
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-3 py-1.5 pr-2 pl-4">
      <Smartphone aria-hidden="true" className="size-4 text-ink-faint" />
      <span className="flex-1 text-sm whitespace-nowrap tabular-nums">{number}</span>
      {isAsked ? (
        <>
          <Button look="quiet" onClick={() => setAsked(false)}>
            {t('cancel')}
          </Button>
          <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate(phone.id)}>
            {t('whatsapp.remove')}
          </Button>
        </>
      ) : (
        <>
          <span className="inline-flex items-center gap-1 text-xs font-semibold text-good">
            <Check aria-hidden="true" className="size-3.5" strokeWidth={3} />
            {t('whatsapp.proven')}
          </span>
          <IconButton label={t('whatsapp.removePhone', { phone: number })} onClick={() => setAsked(true)}>
            <Trash2 aria-hidden="true" className="size-4" />
          </IconButton>
        </>
      )}
      {remove.isError && (
        <p role="alert" className="w-full text-sm text-bad">
          {explainError(remove.error, t, format)}
        </p>
      )}
    </li>
  )
}

function AddPhone() {
  const { t } = useTranslation()
  const format = useFormat()
  const add = useAddPhone()
  const [missing, setMissing] = useState('')
  const input = useRef<HTMLInputElement>(null)

  function submit(event: FormEvent) {
    event.preventDefault()
    const phone = input.current?.value.trim() ?? ''
    setMissing(phone ? '' : t('whatsapp.phoneMissing'))
    if (phone) add.mutate(phone, { onError: () => input.current?.select() })
    else input.current?.focus()
  }

  return (
    <form onSubmit={submit} noValidate className="mt-5 grid gap-3">
      <Field
        ref={input}
        type="tel"
        autoComplete="tel"
        label={t('whatsapp.phone')}
        placeholder={t('whatsapp.phoneExample')}
        problem={missing || (add.isError ? explainError(add.error, t, format) : undefined)}
      />
      <Button type="submit" look="primary" className="justify-self-start" disabled={add.isPending}>
        {t('whatsapp.sendCode')}
      </Button>
    </form>
  )
}
