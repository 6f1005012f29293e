import { useTranslation } from 'react-i18next'

import { useSession } from '@/auth/session'
import { Brand } from '@/design/Brand'
import { Button } from '@/design/Button'

/** The whole page cannot be shown: it failed, or the server could not be asked who is here. */
export function PageProblem({ isUnreachable = false }: { isUnreachable?: boolean }) {
  const { t } = useTranslation()
  const start = useSession((session) => session.start)
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="max-w-md">
        <Brand />
        <h1 className="mt-8 font-display text-2xl font-semibold">{t(isUnreachable ? 'errors.network' : 'errors.page')}</h1>
        <p className="mt-3 text-ink-soft">{t('errors.pageHint')}</p>
        <Button look="primary" className="mt-6" onClick={() => (isUnreachable ? void start() : location.reload())}>
          {t(isUnreachable ? 'retry' : 'errors.reload')}
        </Button>
      </div>
    </main>
  )
}
