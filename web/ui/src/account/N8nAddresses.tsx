import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import type { N8nAddress } from '@/api/types'
import { IconButton } from '@/design/Button'
import { useCopy } from '@/design/useCopy'
import { useFormat } from '@/format/useFormat'

import { useN8nAddresses } from './useWhatsApp'

/** For administrators: where Evolution's own n8n integration is pointed to. Shown only when it is opened: the addresses are secrets. */
export function N8nAddresses() {
  const { t } = useTranslation()
  const format = useFormat()
  const [isOpen, setOpen] = useState(false)
  const { data, isError, error } = useN8nAddresses(isOpen)
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)} className="border-t border-line pt-5">
      <summary className="cursor-pointer rounded-md text-sm font-semibold">{t('whatsapp.n8n')}</summary>
      <p className="mt-2 text-sm text-ink-soft">{t('whatsapp.n8nHint')}</p>
      {isError && (
        <p role="alert" className="mt-3 text-sm text-bad">
          {explainError(error, t, format)}
        </p>
      )}
      <ul className="mt-3 grid gap-2">{data?.map((item) => <AddressItem key={item.address} item={item} />)}</ul>
      {data?.length === 0 && <p className="text-sm text-ink-soft">{t('whatsapp.n8nNone')}</p>}
    </details>
  )
}

function AddressItem({ item }: { item: N8nAddress }) {
  const { t } = useTranslation()
  const { copy, isCopied } = useCopy()
  return (
    <li className="flex items-center gap-2 rounded-md border border-line bg-raised py-1 pr-1 pl-3">
      <span className="min-w-0 flex-1">
        <span className="block text-sm font-semibold">{item.channel}</span>
        <code className="block truncate text-xs text-ink-soft">{item.address}</code>
      </span>
      <IconButton label={isCopied ? t('copied') : t('whatsapp.n8nCopy', { channel: item.channel })} onClick={() => void copy(item.address)}>
        {isCopied ? <Check aria-hidden="true" className="size-4" /> : <Copy aria-hidden="true" className="size-4" />}
      </IconButton>
    </li>
  )
}
