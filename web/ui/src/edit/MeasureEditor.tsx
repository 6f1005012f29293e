import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { explainError } from '@/api/message'
import type { Revision } from '@/api/trust'
import { Button } from '@/design/Button'
import { Skeleton } from '@/design/Skeleton'
import { useFormat } from '@/format/useFormat'

import { useCatalogue } from './useCatalogue'

const MOST = 4

/** Other measures, up to four of them, each with what it means. */
export function MeasureEditor({ metrics, onRevise }: { metrics: string[]; onRevise: (change: Pick<Revision, 'metrics'>) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, error } = useCatalogue()
  const [chosen, setChosen] = useState(metrics)
  const isSame = chosen.length === metrics.length && chosen.every((metric) => metrics.includes(metric))

  function submit(event: FormEvent) {
    event.preventDefault()
    onRevise({ metrics: chosen })
  }

  function toggle(name: string) {
    setChosen(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name])
  }

  if (error) return <p role="alert" className="text-sm text-bad">{explainError(error, t, format)}</p>
  if (!data) return <Skeleton className="h-40 w-full" />
  return (
    <form onSubmit={submit}>
      <ul className="grid gap-0.5">
        {data.metrics.map(({ name, label, definition }) => (
          <li key={name}>
            <label title={definition} className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-1 text-sm hover:bg-ink/6">
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                disabled={!chosen.includes(name) && chosen.length >= MOST}
                onChange={() => toggle(name)}
                className="size-4 accent-brand"
              />
              {label}
            </label>
          </li>
        ))}
      </ul>
      <div className="sticky -bottom-4 -mx-4 -mb-4 bg-raised px-4 pt-2 pb-4">
        <Button type="submit" look="primary" disabled={chosen.length === 0 || isSame} className="w-full">
          {t('edit.apply')}
        </Button>
      </div>
    </form>
  )
}
