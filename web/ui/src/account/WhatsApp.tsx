import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { useSession } from '@/auth/session'
import { IconButton } from '@/design/Button'
import { Sheet } from '@/design/Sheet'

import { N8nAddresses } from './N8nAddresses'
import { Phones } from './Phones'
import { Subscriptions } from './Subscriptions'

/** Asking from the phone: whose phones may ask, and what they are told without asking. */
export function WhatsApp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const role = useSession((session) => session.me?.role)
  return (
    <Sheet label="WhatsApp" place="right" onClose={onClose}>
      <div className="flex h-full flex-col">
        <header className="flex items-center justify-between gap-4 border-b border-line py-3 pr-3 pl-6">
          <h2 className="font-display text-xl font-semibold">WhatsApp</h2>
          <IconButton label={t('close')} onClick={onClose}>
            <X aria-hidden="true" className="size-5" />
          </IconButton>
        </header>
        <div className="scroll-quiet grid flex-1 content-start gap-9 overflow-y-auto px-6 py-6">
          <Phones />
          {role !== 'operator' && <Subscriptions />}
          {role === 'admin' && <N8nAddresses />}
        </div>
      </div>
    </Sheet>
  )
}
