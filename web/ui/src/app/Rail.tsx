import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { AccountMenu } from '@/account/AccountMenu'
import { Brand } from '@/design/Brand'
import { ThreadList } from '@/threads/ThreadList'

/** Beside the page on a desk, in a drawer on a phone: a new question, past threads, the account. */
export function Rail({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="flex h-full flex-col bg-canvas">
      <div className="px-5 pt-5 pb-4">
        <Link to="/" onClick={onNavigate} className="inline-block rounded-md">
          <Brand />
        </Link>
      </div>
      <div className="px-3 pb-4">
        <Link
          to="/"
          onClick={onNavigate}
          className="flex min-h-11 items-center gap-2.5 rounded-lg border border-line bg-raised px-3 text-sm font-semibold shadow-low transition-colors hover:border-line-strong"
        >
          <Plus aria-hidden="true" className="size-4 text-brand" strokeWidth={2.6} />
          {t('threads.new')}
        </Link>
      </div>
      <nav aria-label={t('threads.title')} className="scroll-quiet min-h-0 flex-1 overflow-y-auto mask-b-from-[calc(100%-1.75rem)] px-3 pb-6">
        <ThreadList onNavigate={onNavigate} />
      </nav>
      <div className="p-2">
        <AccountMenu />
      </div>
    </div>
  )
}
