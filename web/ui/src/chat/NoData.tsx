import { Check, Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { useSession } from '@/auth/session'
import { IconButton } from '@/design/Button'
import { useCopy } from '@/design/useCopy'

/** For a company that has no conversations yet: how to bring the first ones. */
export function NoData() {
  const { t } = useTranslation()
  const tenant = useSession((session) => session.me?.tenant)
  const { copy, isCopied } = useCopy()
  const command = `evosense import ${t('empty.noData.file')} --tenant ${tenant?.slug ?? ''} --channel ${t('empty.noData.channel')} --self "${t('empty.noData.self')}"`

  return (
    <>
      <h1 className="mt-1 font-display text-3xl font-semibold tracking-[-0.02em]">{t('empty.noData.title')}</h1>
      <p className="mt-4 max-w-[38rem] text-ink-soft">{t('empty.noData.hint')}</p>
      <div className="mt-5 flex max-w-[42rem] items-start gap-2 rounded-xl bg-sunk py-2 pr-2 pl-5">
        <code className="min-w-0 flex-1 py-2 font-mono text-sm leading-relaxed break-words">
          {/* A line may end between options, never inside of one. */}
          {command.split(/(?= --)/).map((part) => (
            <span key={part} className="inline-block whitespace-pre">
              {part}
            </span>
          ))}
        </code>
        <IconButton label={t(isCopied ? 'copied' : 'empty.noData.copy')} onClick={() => void copy(command)}>
          {isCopied ? <Check className="size-4" /> : <Copy className="size-4" />}
        </IconButton>
      </div>
      <p className="mt-3 text-sm text-ink-soft">{t('empty.noData.selfHint')}</p>
      <p className="mt-8 text-sm text-ink-soft">
        <span className="working">{t('empty.noData.waiting')}</span>
      </p>
    </>
  )
}
