import { useId, useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { NAMED_PERIODS, type Revision } from '@/api/trust'
import { Button } from '@/design/Button'
import { useFormat } from '@/format/useFormat'

import { Choices } from './Choices'

interface PeriodEditorProps {
  period: { start: string; end: string } | null
  onRevise: (change: Pick<Revision, 'period'>) => void
}

/** Another period: one that has a name, or from one day to another. */
export function PeriodEditor({ period, onRevise }: PeriodEditorProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const id = useId()
  const today = format.dayOf(new Date())
  const [start, setStart] = useState(period?.start ?? today)
  const [end, setEnd] = useState(period?.end ?? today)
  const [isWrong, setWrong] = useState(false)

  function submit(event: FormEvent) {
    event.preventDefault()
    const fits = start !== '' && end !== '' && start <= end && start <= today
    setWrong(!fits)
    if (fits) onRevise({ period: { start, end } })
  }

  const INPUT = 'min-h-10 w-full min-w-0 rounded-md border border-line bg-sheet px-2 text-sm font-normal'
  return (
    <>
      <Choices
        columns={2}
        choices={NAMED_PERIODS.map((name) => ({ value: name, label: t(`edit.periods.${name}`) }))}
        onChoose={(name) => onRevise({ period: name })}
      />
      <form onSubmit={submit} noValidate className="mt-3 grid grid-cols-2 gap-2 border-t border-line pt-3">
        <label className="grid min-w-0 gap-1 text-xs font-semibold">
          {t('edit.from')}
          <input type="date" value={start} max={today} aria-describedby={isWrong ? `${id}-wrong` : undefined} onChange={(event) => setStart(event.target.value)} className={INPUT} />
        </label>
        <label className="grid min-w-0 gap-1 text-xs font-semibold">
          {t('edit.until')}
          <input type="date" value={end} max={today} aria-describedby={isWrong ? `${id}-wrong` : undefined} onChange={(event) => setEnd(event.target.value)} className={INPUT} />
        </label>
        {isWrong && (
          <p id={`${id}-wrong`} role="alert" className="col-span-2 text-sm text-bad">
            {t('edit.wrongDays')}
          </p>
        )}
        <Button type="submit" look="primary" className="col-span-2">
          {t('edit.apply')}
        </Button>
      </form>
    </>
  )
}
