import { CircleHelp } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import type { Coverage, Definition } from '@/api/types'
import { Panel } from '@/design/Panel'
import { useFormat } from '@/format/useFormat'

/**
 * What the figures stand on: how many conversations were counted, how many still wait, and what each measure means.
 *
 * Parts of a turn are groups, not landmarks: a thread has many turns, and landmarks of the same name could not be told apart.
 */
export function Receipt({ coverage, definitions }: { coverage: Coverage; definitions: Definition[] }) {
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
      {definitions.length > 0 && <Definitions definitions={definitions} />}
    </section>
  )
}

function Definitions({ definitions }: { definitions: Definition[] }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const trigger = (
    <button type="button" className="-my-1 inline-flex min-h-8 items-center gap-1 rounded-sm font-medium text-ink-soft underline-offset-4 hover:text-ink hover:underline">
      <CircleHelp aria-hidden="true" className="size-3.5" />
      {t('turn.definitions')}
    </button>
  )
  return (
    <Panel label={t('turn.definitions')} trigger={trigger} isOpen={isOpen} onOpenChange={setOpen}>
      <dl className="grid gap-3">
        {definitions.map(({ metric, label, text }) => (
          <div key={metric}>
            <dt className="text-sm font-semibold">{label}</dt>
            <dd className="mt-0.5 text-sm text-ink-soft">{text}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}
