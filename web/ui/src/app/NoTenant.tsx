import { useTranslation } from 'react-i18next'

import { AccountMenu } from '@/account/AccountMenu'
import { Brand } from '@/design/Brand'

/** For those who run the installation: they belong to no company, so there is nothing to ask about. */
export default function NoTenant() {
  const { t } = useTranslation()
  return (
    <div className="flex min-h-dvh flex-col p-6">
      <header className="flex items-center justify-between">
        <Brand />
        <div className="w-64">
          <AccountMenu />
        </div>
      </header>
      <main className="m-auto max-w-md">
        <h1 className="font-display text-3xl font-semibold tracking-tight">{t('empty.noTenant.title')}</h1>
        <p className="mt-3 text-ink-soft">{t('empty.noTenant.hint')}</p>
        <a href="/admin/" className="mt-6 inline-flex min-h-11 items-center rounded-md bg-brand px-5 font-semibold text-on-brand hover:bg-brand-hover">
          {t('empty.noTenant.link')}
        </a>
      </main>
    </div>
  )
}
