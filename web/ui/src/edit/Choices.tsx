import { cx } from '@/design/cx'

interface ChoicesProps<Value extends string> {
  columns?: 1 | 2
  choices: { value: Value; label: string; isCurrent?: boolean }[]
  onChoose: (value: Value) => void
}

/** A few choices, each of which takes effect at once. */
export function Choices<Value extends string>({ columns = 1, choices, onChoose }: ChoicesProps<Value>) {
  return (
    <ul className={cx('-mx-2 grid', columns === 2 && 'grid-cols-2')}>
      {choices.map(({ value, label, isCurrent }) => (
        <li key={value}>
          <button
            type="button"
            aria-current={isCurrent || undefined}
            disabled={isCurrent}
            onClick={() => onChoose(value)}
            className="flex min-h-10 w-full items-center rounded-md px-2 text-left text-sm hover:bg-ink/6 disabled:font-semibold disabled:text-brand"
          >
            {label}
          </button>
        </li>
      ))}
    </ul>
  )
}
