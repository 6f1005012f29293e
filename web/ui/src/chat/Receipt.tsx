import { useTranslation } from 'react-i18next'

import type { Coverage } from '@/api/types'
import { useFormat } from '@/format/useFormat'

/**
 * What the figures stand on: how many conversations were counted, and how many still wait.
 *
 * Parts of a turn are groups, not landmarks: a thread has many turns, and landmarks of the same name could not be told apart.
 */
export function Receipt({ coverage }: { coverage: Coverage }) {
  const { t } = useTranslation()
  const format = useFormat()
  const share = coverage.conversations > 0 ? coverage.analysed / coverage.conversations : 0
  return (
    <section role="group" aria-label={t('turn.coverage')} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-soft">
      {coverage.conversations > 0 && (
        <span aria-hidden="true" className="h-1.5 w-16 overflow-hidden rounded-full bg-ink/12">
          <span className="block h-full rounded-full bg-brand" style={{ width: `${(share * 100).toFixed(1)}%` }} />
        </span>
      )}
      <span className="tabular-nums">{coverage.text}</span>
      {coverage.period && <span className="text-ink-faint tabular-nums">{format.period(coverage.period.start, coverage.period.end)}</span>}
    </section>
  )
}
