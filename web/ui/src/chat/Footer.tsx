import { Check, Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { Button } from '@/design/Button'
import { useCopy } from '@/design/useCopy'
import { useFormat } from '@/format/useFormat'

import type { Turn } from './fold'
import { writePlainText } from './plainText'

/** Copying, and in small print who made the answer and how fast. */
export function Footer({ turn }: { turn: Turn }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { copy, isCopied } = useCopy()
  return (
    <footer className="flex flex-wrap items-center justify-between gap-x-4 border-t border-line pt-2">
      <Button look="quiet" className="-ml-3 min-h-9 px-3" onClick={() => void copy(writePlainText(turn, format))}>
        {isCopied ? <Check aria-hidden="true" className="size-4" /> : <Copy aria-hidden="true" className="size-4" />}
        <span aria-live="polite">{t(isCopied ? 'copied' : 'turn.copy')}</span>
      </Button>
      {turn.made && (
        <p className="text-xs text-ink-faint tabular-nums">
          {t('turn.made', { provider: turn.made.provider, took: t('turn.took', { time: format.took(turn.made.tookMs) }) })}
        </p>
      )}
    </footer>
  )
}
